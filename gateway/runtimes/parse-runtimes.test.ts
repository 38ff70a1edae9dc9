import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRuntimes } from './parse-runtimes.ts';

const good: readonly [text: string, addresses: readonly string[]][] = [
  ['127.0.0.1:8010', ['127.0.0.1:8010']],
  [
    '# two\na:1\n\n  runtime-2.zone_b.local:65535  # the new one\r\n',
    ['a:1', 'runtime-2.zone_b.local:65535'],
  ],
  ['[::1]:8010\n[2001:db8::2]:1', ['[::1]:8010', '[2001:db8::2]:1']],
  ['a:1\nb:1\na:1', ['a:1', 'b:1']],
];

for (const [text, addresses] of good)
  test(`a list is read: ${JSON.stringify(text)}`, () => {
    assert.deepEqual(parseRuntimes(text), { value: addresses });
  });

const bad: readonly [text: string, fault: RegExp][] = [
  ['', /names no runtime/],
  ['# nobody\n', /names no runtime/],
  ['a:1\nb\n', /^line 2: expected host:port, got 'b'$/],
  ['a:0', /line 1/],
  ['a:65536', /line 1/],
  ['http://a:1', /line 1/],
  ['a:1, b:1', /got 'a:1, b:1'/],
  ['x:y\n:1', /^line 1: .*; line 2: /],
  ['\u0000\u0001:1', /line 1/],
];

for (const [text, fault] of bad)
  test(`a list is refused: ${JSON.stringify(text)}`, () => {
    const parsed = parseRuntimes(text);
    assert.ok('error' in parsed);
    assert.match(parsed.error, fault);
  });
