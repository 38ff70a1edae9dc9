import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringify } from 'yaml';
import type { TensorSignature } from '../tensor/signature.ts';
import { checkManifest } from './check-manifest.ts';
import { parseManifest } from './manifest.ts';

const signature: TensorSignature = {
  inputs: [
    { name: 'x', datatype: 'FP32', shape: [-1, 2] },
    { name: 'k', datatype: 'BYTES', shape: [-1] },
  ],
  outputs: [
    { name: 'y', datatype: 'FP32', shape: [-1, 1] },
    { name: 'z', datatype: 'FP32', shape: [-1, 1] },
  ],
  maxBatchSize: 8,
};

const a = { name: 'a', type: 'number', tensor: 'x', column: 0 };
const b = { name: 'b', type: 'boolean', tensor: 'x', column: 1 };
const k = { name: 'k', type: 'category', tensor: 'k' };

const check = (features: readonly object[], outputs: object = {}, against = signature) => {
  const manifest = { apiVersion: 'sluice/v1', model: 'm', version: '1', features, outputs };
  checkManifest(parseManifest(stringify(manifest)), against);
};
const withInput = (datatype: 'INT8' | 'FP16' | 'BOOL', shape: readonly number[]): TensorSignature => ({
  ...signature,
  inputs: [{ name: 'x', datatype, shape }],
});

test('a manifest that feeds every column and names outputs that exist is good', () => {
  check([a, b, k], { price: { tensor: 'y' }, range: { lower: 'y', upper: 'z' } });
  check([a, b, { name: 'kind', type: 'tensor', tensor: 'k' }]);
});

test('a manifest without features is good: the tensors are the features', () => {
  check([]);
});

const bad: readonly [message: string, features: readonly object[]][] = [
  ['features: a is there twice', [a, { ...b, name: 'a' }, k]],
  ['features.c.tensor: there is no input n', [a, b, k, { ...a, name: 'c', tensor: 'n' }]],
  ['features.c.column: 2 of 2', [a, b, k, { ...a, name: 'c', column: 2 }]],
  ['features: input x has 2 columns, 1 are fed', [a, k]],
  ['features: input k has 1 columns, 0 are fed', [a, b]],
  ['features.c.column: 0 of x is fed by a', [a, b, k, { ...a, name: 'c' }]],
  ['features.b.tensor: x is fed whole by c', [{ name: 'c', type: 'tensor', tensor: 'x' }, b, k]],
  ['features.k: a number cannot fill k of BYTES', [a, b, { ...k, type: 'number' }]],
  ['features.c: a category cannot fill x of FP32', [a, { ...k, name: 'c', tensor: 'x', column: 1 }, k]],
  ['features.k: a category cannot fill k of BYTES', [a, b, { ...k, as: 'index', values: ['p'] }]],
  [
    'features.c.values: as: index needs them',
    [a, { ...k, name: 'c', tensor: 'x', column: 1, as: 'index' }, k],
  ],
  ['features.k.default: r is not one of values', [a, b, { ...k, values: ['p', 'q'], default: 'r' }]],
];

for (const [message, features] of bad) {
  test(`a manifest that contradicts its graph is refused: ${message}`, () => {
    assert.throws(() => check(features), { message: `sluice.yaml: ${message}` });
  });
}

test('features cannot fill a tensor of three axes nor half floats, and only booleans fill BOOL', () => {
  const one = { ...a, column: 0 };
  assert.throws(() => check([one], {}, withInput('INT8', [-1, 2, 2])), /x has 3 axes, features need 1 or 2/);
  assert.throws(() => check([one], {}, withInput('FP16', [-1, 1])), /a number cannot fill x of FP16/);
  assert.throws(() => check([one], {}, withInput('BOOL', [-1])), /a number cannot fill x of BOOL/);
  check([{ ...b, column: 0 }], {}, withInput('BOOL', [-1]));
});

test('a tensor without a batch axis is fed element by element', () => {
  check([a, { ...b, type: 'number' }], {}, withInput('INT8', [2]));
  check([a, { ...b, type: 'number' }], {}, withInput('INT8', [1, 2]));
  assert.throws(() => check([a], {}, withInput('INT8', [2])), /input x has 2 columns, 1 are fed/);
  assert.throws(() => check([a, b], {}, withInput('INT8', [3, 2])), /x has 3 rows, features fill one/);
});

test('an output that the graph does not have is named, both ends of an interval too', () => {
  assert.throws(() => check([], { p: { tensor: 'q' }, range: { lower: 'y', upper: 'v' } }), {
    message: 'sluice.yaml: outputs.p: there is no output q; outputs.range: there is no output v',
  });
});
