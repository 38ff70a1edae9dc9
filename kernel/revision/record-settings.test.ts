import assert from 'node:assert/strict';
import { test } from 'node:test';
import { violationsOf } from '../config/zod-faults.ts';
import { feedbackSettings, recordingOf, recordSettings } from './record-settings.ts';

test('a model of which nothing is said is recorded whole, and kept for 30 days', () => {
  assert.deepEqual(recordingOf(undefined), {
    mode: 'required',
    sample: 1,
    fsync: false,
    maxBytes: 256 * 1024,
    redact: [],
    retentionMs: 30 * 86_400_000,
  });
});

test('what is said takes the place of the defaults; a redaction without a word is a hash', () => {
  const settings = recordSettings.parse({
    mode: 'best-effort',
    sample: 0.25,
    fsync: true,
    maxBytes: 0,
    redact: ['email', { feature: 'name', how: 'drop' }, { feature: 'phone' }],
    retention: '12h',
  });
  assert.deepEqual(recordingOf(settings), {
    mode: 'best-effort',
    sample: 0.25,
    fsync: true,
    maxBytes: 0,
    redact: [
      { feature: 'email', how: 'hash' },
      { feature: 'name', how: 'drop' },
      { feature: 'phone', how: 'hash' },
    ],
    retentionMs: 12 * 3_600_000,
  });
});

test('what is recorded no more may still be kept for a while', () => {
  assert.ok(recordSettings.safeParse({ mode: 'off', retention: '90d' }).success);
});

const refused: readonly [what: string, settings: unknown, fault: RegExp][] = [
  [
    'sample beside off',
    { mode: 'off', sample: 0.5 },
    /^sample: mode: off records nothing; expected no sample/,
  ],
  ['fsync beside off', { mode: 'off', fsync: false }, /^fsync: mode: off/],
  ['maxBytes beside off', { mode: 'off', maxBytes: 1 }, /^maxBytes: mode: off/],
  ['redact beside off', { mode: 'off', redact: [] }, /^redact: mode: off/],
  ['none of what is required', { mode: 'required', sample: 0 }, /^sample: sample: 0 .* mode: required/],
  ['none, where required is the default', { sample: 0 }, /^sample: sample: 0 .* mode: required/],
  ['more than all', { sample: 1.5 }, /^sample: /],
  ['an input that the log would not take', { maxBytes: 786_433 }, /^maxBytes: /],
  ['less than nothing', { maxBytes: -1 }, /^maxBytes: /],
  ['half a byte', { maxBytes: 0.5 }, /^maxBytes: /],
  ['an unknown mode', { mode: 'always' }, /^mode: /],
  [
    'a retention without a unit',
    { retention: '30' },
    /^retention: expected days or hours such as 30d or 12h/,
  ],
  ['a retention of no time', { retention: '0d' }, /^retention: /],
  ['an unknown redaction', { redact: [{ feature: 'email', how: 'blur' }] }, /^redact/],
  [
    'a feature twice',
    { redact: ['email', { feature: 'email', how: 'drop' }] },
    /^redact.1: the feature 'email'/,
  ],
  ['a feature without a name', { redact: [''] }, /^redact/],
  ['an unknown key', { smaple: 1 }, /smaple/],
];

for (const [what, settings, expected] of refused)
  test(`settings of records are refused: ${what}`, () => {
    const { error } = recordSettings.safeParse(settings);
    assert.ok(error);
    const [fault] = violationsOf(error).map(({ path, message }) => `${path}: ${message}`);
    assert.match(fault ?? '', expected);
  });

test('a label may be anything, or of one kind', () => {
  assert.deepEqual(feedbackSettings.parse({}), { label: 'any' });
  assert.deepEqual(feedbackSettings.parse({ label: 'number' }), { label: 'number' });
  assert.equal(feedbackSettings.safeParse({ label: 'text' }).success, false);
});
