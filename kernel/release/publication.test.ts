import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePublication } from './publication.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const published = { digest, by: 'ada', at: '2026-11-21T10:00:00Z', from: 'host-1' };

const bad: readonly [text: string, message: RegExp][] = [
  ['', /^\.published\.json: this is not JSON$/],
  ['{}', /digest: is missing: expected a string; .*by: is missing/],
  [
    JSON.stringify({ ...published, digest: 'sha256:1' }),
    /digest: expected sha256: and 64 hexadecimal digits, got/,
  ],
  [JSON.stringify({ ...published, at: 'yesterday' }), /at: expected a time such as .*, got "yesterday"$/],
  [JSON.stringify({ ...published, fom: 'x' }), /fom: unknown field; did you mean 'from'\?$/],
];

for (const [text, message] of bad) {
  test(`a record of a publication is refused: ${text.slice(0, 40)}`, () => {
    assert.throws(() => parsePublication(text), { code: 'PACKAGE_INVALID', message });
  });
}
