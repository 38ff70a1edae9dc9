import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadProtos } from '@sluice/protos/load';
import fc from 'fast-check';
import { fromStruct, toStruct } from './struct.ts';
import type { Features, FeatureValue } from './value.ts';

const codec = loadProtos().sluice.v1.Prediction;
/** Over the wire and back. */
const roundTrip = (features: Features): Features =>
  fromStruct(codec.deserialize(codec.serialize({ outputs: toStruct(features) })).outputs);

const { value } = fc.letrec<{ value: FeatureValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.double(),
    fc.string({ unit: 'grapheme' }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string({ unit: 'grapheme' }), tie('value'), { maxKeys: 4 }),
  ),
}));

test('any features survive a Struct and the wire', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), value), (features) => {
      assert.deepEqual(plain(roundTrip(features)), plain(features));
    }),
  );
});

/** fast-check's objects may lack a prototype, which does not matter here. */
const plain = (given: FeatureValue): unknown => {
  if (given === null || typeof given !== 'object') return given;
  if (Array.isArray(given)) return given.map(plain);
  return new Map(Object.entries(given).map(([name, each]) => [name, plain(each)]));
};

test('names that mean something to JavaScript are names like others', () => {
  const features = JSON.parse('{"__proto__": {"age": 1}, "constructor": 2, "toString": null}') as Features;
  const came = roundTrip(features);
  assert.deepEqual(Object.keys(came).sort(), ['__proto__', 'constructor', 'toString']);
  assert.equal(came['age'], undefined);
});

test('null is said, not left out', () => {
  assert.deepEqual(roundTrip({ a: null, b: [null] }), { a: null, b: [null] });
});

test('an absent Struct is an empty one', () => {
  assert.deepEqual(fromStruct(null), {});
});
