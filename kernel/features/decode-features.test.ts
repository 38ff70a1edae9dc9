import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { parseManifest } from '../release/manifest.ts';
import { namedFeatures } from '../rules/names-of.ts';
import { bytesOf } from '../tensor/numbers.ts';
import { compileDecoder } from './decode-features.ts';
import { compileEncoder } from './encode-features.ts';

const manifest = parseManifest(
  stringify({
    apiVersion: 'sluice/v1',
    model: 'm',
    version: '1',
    features: [
      { name: 'a', type: 'number', tensor: 'x', column: 0 },
      { name: 'b', type: 'boolean', tensor: 'x', column: 1 },
      { name: 'c', type: 'category', values: ['u', 'v'], as: 'index', tensor: 'x', column: 2 },
      { name: 'd', type: 'category', tensor: 'k' },
    ],
  }),
);
const signature = {
  inputs: [
    { name: 'x', datatype: 'FP64', shape: [-1, 3] },
    { name: 'k', datatype: 'BYTES', shape: [-1] },
  ],
  outputs: [],
  maxBatchSize: 8,
} as const;
const features = namedFeatures(manifest.features);
const encode = compileEncoder({ manifest, signature });
const missing = new Set(['a', 'b', 'c', 'd']);

test('what was encoded is decoded again; what is missing too, but for booleans', () => {
  const decode = compileDecoder({ signature }, features, missing);
  const optional = <Value>(values: fc.Arbitrary<Value>) => fc.option(values, { nil: null });
  const given = fc.record(
    {
      a: optional(fc.double({ noNaN: true, noDefaultInfinity: true })),
      b: fc.boolean(),
      c: optional(fc.constantFrom('u', 'v')),
      d: optional(fc.string({ minLength: 1 })),
    },
    { noNullPrototype: true },
  );
  fc.assert(fc.property(given, (row) => assert.deepEqual(decode(encode(row)), [row])));
  assert.equal(decode(encode({}))[0]?.['b'], false);
});

test('of a feature that cannot be missing the encoding of an absent value stays what it is', () => {
  const [row] = compileDecoder({ signature }, features, new Set())(encode({}));
  assert.deepEqual(row, { a: Number.NaN, b: false, c: '', d: '' });
});

test('several rows are taken apart', () => {
  const data = bytesOf(Float64Array.of(1, 0, 0, 2, 1, 1));
  const tensors = [{ name: 'x', datatype: 'FP64', shape: [2, 3], data } as const];
  const rows = compileDecoder({ signature }, features.slice(0, 3), missing)(tensors);
  assert.deepEqual(rows, [
    { a: 1, b: false, c: 'u' },
    { a: 2, b: true, c: 'v' },
  ]);
});
