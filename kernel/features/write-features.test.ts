import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ByteWriter } from '../protobuf/byte-writer.ts';
import { writeStruct } from '../protobuf/write-struct.ts';
import { toStruct } from './struct.ts';
import type { Features } from './value.ts';
import { writeFeatures } from './write-features.ts';

const written = (write: (out: ByteWriter) => void): string => {
  const out = new ByteWriter();
  write(out);
  return out.written.toString('hex');
};
const assertAsStruct = (features: Features): void =>
  assert.equal(
    written((out) => writeFeatures(out, features)),
    written((out) => writeStruct(out, toStruct(features))),
  );

const name = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('__proto__', 'é'.repeat(64)));
const { value } = fc.letrec<{ value: Features[string] }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.double(),
    fc.constantFrom(null, true, false, '', 'x'.repeat(200)),
    fc.string({ unit: 'grapheme' }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4 }),
  ),
}));

test('features are written as the Struct of them is', () =>
  fc.assert(fc.property(fc.dictionary(name, value, { maxKeys: 12 }), assertAsStruct)));

test('so they are when more names came than are known, and when these come again', () => {
  const row = (from: number): Features =>
    Object.fromEntries(Array.from({ length: 900 }, (_, place) => [`feature ${from + place}`, place / 3]));
  for (const from of [0, 800, 1_600, 0]) assertAsStruct(row(from));
});

test('a name is written whole, however long it is', () =>
  assertAsStruct({ ['n'.repeat(65)]: 1, ['é'.repeat(40_000)]: -0.5 }));
