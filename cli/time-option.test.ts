import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTime } from './time-option.ts';

const now = Date.parse('2026-11-20T12:00:00.500Z');

const times: [text: string, time: string][] = [
  ['2026-11-20T10:00:00Z', '2026-11-20T10:00:00.000Z'],
  ['2026-11-20T10:00:00.25+02:00', '2026-11-20T08:00:00.250Z'],
  ['2026-11-20', '2026-11-20T00:00:00.000Z'],
  ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ['now', '2026-11-20T12:00:00.500Z'],
  ['-30s', '2026-11-20T11:59:30.500Z'],
  ['-15m', '2026-11-20T11:45:00.500Z'],
  ['-1h', '2026-11-20T11:00:00.500Z'],
  ['-7d', '2026-11-13T12:00:00.500Z'],
  ['-2w', '2026-11-06T12:00:00.500Z'],
];
for (const [text, time] of times) test(`${text} is ${time}`, () => assert.equal(parseTime(text, now), time));

const none = [
  '',
  'soon',
  '1h',
  '-1',
  '-1y',
  '-1.5h',
  '2026-02-29',
  '2026-13-01',
  '2026-11-20T10:00:00',
  '2026-11-20 10:00:00Z',
  '2026-11-20T25:00:00Z',
  '20.11.2026',
];
for (const text of none)
  test(`'${text}' is no time`, () =>
    assert.throws(() => parseTime(text, now), /expected a time such as .*-7d, got '/));
