import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toStruct } from '../../features/struct.ts';
import type { FeatureValue } from '../../features/value.ts';
import { loadRecordCodecs } from '../record-codec.ts';
import { structColumn } from './json-column.ts';

const { record } = loadRecordCodecs();

/** As it comes out of a message. */
const columnOf = (features: Record<string, FeatureValue>): string | undefined =>
  structColumn(record.decode(record.encode({ input: { features: toStruct(features) } })).input?.features);

test('features become the JSON that they were', () => {
  const features = {
    number: 0.1,
    big: 1e300,
    text: 'a "quoted" \\ text\n\u007f ü 😀',
    'ke"y': true,
    list: [1, null, 'x', [], {}],
    object: { inner: { deep: false } },
  };
  assert.deepEqual(JSON.parse(columnOf(features) ?? ''), features);
  assert.equal(columnOf({}), '{}');
  assert.equal(structColumn(null), undefined);
});

test('what jsonb does not take is replaced', () => {
  assert.deepEqual(JSON.parse(columnOf({ a: Number.NaN, b: -1 / 0, 'c\0': '\0' }) ?? ''), {
    a: null,
    b: null,
    'c\uFFFD': '\uFFFD',
  });
  const half = structColumn({ fields: { a: { kind: 'stringValue', stringValue: '\uD800' } } });
  assert.equal(half, '{"a":"\uFFFD"}');
});

test('what is too long or too deep is left to the record', () => {
  assert.equal(columnOf({ a: 'x'.repeat(2_000_000) }), undefined);
  let deep: FeatureValue = 1;
  for (let level = 0; level < 40; level += 1) deep = { deep };
  assert.equal(columnOf({ deep }), undefined);
});
