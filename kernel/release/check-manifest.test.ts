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
  ['features.c.tensor: there is no input n; it has x, k', [a, b, k, { ...a, name: 'c', tensor: 'n' }]],
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
  ['features.a.minimum: 2 is above the maximum, 1', [{ ...a, minimum: 2, maximum: 1 }, b, k]],
  ['features.k.pattern: values say already what may come', [a, b, { ...k, values: ['p'], pattern: 'p' }]],
  ['features.k.maxLength: values say already what may come', [a, b, { ...k, values: ['p'], maxLength: 1 }]],
  [
    'features.k.pattern: it could take too long on 256 characters; repeat fewer things, or set a smaller maxLength',
    [a, b, { ...k, pattern: '^(a+)+$' }],
  ],
  [
    'features.k.values: one has a NUL, which ONNX Runtime strings cannot carry',
    [a, b, { ...k, values: ['p\0'] }],
  ],
  ['features.a.default: expected a number that FP32 can hold, got 1e+39', [{ ...a, default: 1e39 }, b, k]],
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

test('limits and stand-ins must fit an integer tensor', () => {
  const bytes = withInput('INT8', [-1]);
  const rows: readonly [feature: object, message: RegExp][] = [
    [{ minimum: 200, default: 0 }, /features\.a\.minimum: no INT8 is at least 200/],
    [{ maximum: -200, default: 0 }, /features\.a\.maximum: no INT8 is at most -200/],
    [{ default: 1.5 }, /features\.a\.default: expected a whole number from -128 to 127 for INT8, got 1\.5/],
    [{ nullable: true }, /features\.a\.nullable: nothing stands in for null in INT8; give a default/],
  ];
  for (const [more, message] of rows) assert.throws(() => check([{ ...a, ...more }], {}, bytes), message);
  check([{ ...a, nullable: true, default: 1, minimum: 0, integer: true }], {}, bytes);
});

test('a tensor without a batch axis is fed element by element', () => {
  check([a, { ...b, type: 'number' }], {}, withInput('INT8', [2]));
  check([a, { ...b, type: 'number' }], {}, withInput('INT8', [1, 2]));
  assert.throws(() => check([a], {}, withInput('INT8', [2])), /input x has 2 columns, 1 are fed/);
  assert.throws(() => check([a, b], {}, withInput('INT8', [3, 2])), /x has 3 rows, features fill one/);
});

test('an output that the graph does not have is named, both ends of an interval too', () => {
  assert.throws(() => check([], { p: { tensor: 'q' }, range: { lower: 'y', upper: 'v' } }), {
    message:
      'sluice.yaml: outputs.p: there is no output q; it has y, z; outputs.range: there is no output v; it has y, z',
  });
});
