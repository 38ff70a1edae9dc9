import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseSelector } from './selector.ts';

const described = (text: string): string => {
  const parsed = parseSelector(text);
  if ('error' in parsed) return `error: ${parsed.error}`;
  const { wanted, asOf } = parsed.value;
  const of = asOf === undefined ? '' : ` as of ${new Date(asOf.at).toISOString()}`;
  if (wanted.kind === 'default') return `default${of}`;
  if (wanted.kind === 'range') return `range ${wanted.range.text}${of}`;
  return `${wanted.kind} ${Object.values(wanted)[1]}${of}`;
};

const digits = '0123456789ab';
const read: readonly [text: string, meaning: string][] = [
  ['', 'default'],
  ['1', 'exact 1'],
  ['2.1.3', 'exact 2.1.3'],
  ['2.0.0-rc.1', 'exact 2.0.0-rc.1'],
  ['2.x', 'range 2.x'],
  ['2.1.x', 'range 2.1.x'],
  ['1.0', 'range 1.0'],
  ['~2.1', 'range ~2.1'],
  ['^2.0', 'range ^2.0'],
  ['>=2 <3', 'range >=2 <3'],
  ['1.x || 3.x', 'range 1.x || 3.x'],
  ['*', 'range *'],
  ['x', 'range x'],
  ['champion', 'alias champion'],
  ['v1', 'alias v1'],
  ['a_b-2', 'alias a_b-2'],
  [`sha256:${digits}`, `digest sha256:${digits}`],
  [`sha256:${digits.toUpperCase()}`, `digest sha256:${digits}`],
  ['@2026-11-20', 'default as of 2026-11-20T23:59:59.999Z'],
  ['@2026-11-20T10:00Z', 'default as of 2026-11-20T10:00:00.000Z'],
  ['@2026-11-20T10:00:00.5+02:00', 'default as of 2026-11-20T08:00:00.500Z'],
  ['champion@2026-11-20T10:00:00Z', 'alias champion as of 2026-11-20T10:00:00.000Z'],
  ['2.x@2024-02-29', 'range 2.x as of 2024-02-29T23:59:59.999Z'],
];

for (const [text, meaning] of read)
  test(`'${text}' is read as ${meaning}`, () => assert.equal(described(text), meaning));

const refused: readonly [text: string, error: RegExp][] = [
  ['Champion', /^error: 'Champion' is no version, range, alias, digest or time$/],
  ['1.2.3.4', /is no version/],
  ['../1', /is no version/],
  [' ', /is no version/],
  ['sha256:0123', /^error: a digest is sha256: and 12 to 64 hexadecimal digits$/],
  [`sha256:${digits}xy`, /^error: a digest is/],
  [`sha256:${'0'.repeat(65)}`, /^error: a digest is/],
  ['@', /^error: '' is no time: expected such as @2026-11-20 or @2026-11-20T10:00:00Z$/],
  ['@yesterday', /^error: 'yesterday' is no time/],
  ['@2026-13-01', /is no time/],
  ['@2026-02-30', /is no time/],
  ['@2026-02-30T10:00:00Z', /is no time/],
  ['@2026-11-20T25:00:00Z', /is no time/],
  ['@2026-11-20T10:00:00', /is no time/],
  ['champion@champion@2026-11-20', /is no time/],
  ['1.0.0@2026-11-20', /^error: '1\.0\.0' is the same release at any time: leave '@2026-11-20' away$/],
  [`sha256:${digits}@2026-11-20`, /is the same release at any time/],
  ['a'.repeat(257), /^error: a selector has at most 256 characters$/],
  ['a'.repeat(65), /is no version/],
];

for (const [text, error] of refused)
  test(`'${text.slice(0, 40)}' is refused: ${error.source}`, () => assert.match(described(text), error));

test('whatever text comes is read or refused', () => {
  const pieces = fc.constantFrom('@', '1', '.', 'x', '-', 'sha256:', ' ', '>=', '||', 'T', ':', 'Z', 'ab');
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(pieces).map((parts) => parts.join('')),
      ),
      (text) => {
        assert.equal(typeof described(text), 'string');
      },
    ),
  );
});
