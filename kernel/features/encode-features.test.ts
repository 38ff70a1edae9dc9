import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { SluiceError } from '../errors/sluice-error.ts';
import { type Manifest, parseManifest } from '../release/manifest.ts';
import { unpackValues } from '../tensor/json-values.ts';
import type { TensorSpec } from '../tensor/tensor.ts';
import { compileEncoder } from './encode-features.ts';
import type { Features } from './value.ts';

const manifestOf = (features: readonly object[]): Manifest =>
  parseManifest(stringify({ apiVersion: 'sluice/v1', model: 'm', version: '1', features }));
const encoderOf = (features: readonly object[], inputs: readonly TensorSpec[]) =>
  compileEncoder({
    manifest: features.length === 0 ? undefined : manifestOf(features),
    signature: { inputs, outputs: [], maxBatchSize: 8 },
  });
/** Names, shapes and values of the tensors. */
const encoded = (features: readonly object[], inputs: readonly TensorSpec[], given: Features) =>
  encoderOf(
    features,
    inputs,
  )(given).map(({ name, datatype, shape, data }) => {
    const values = unpackValues(datatype, data);
    return [name, shape, 'value' in values ? values.value : values.error];
  });

const x: TensorSpec = { name: 'x', datatype: 'FP32', shape: [-1, 4] };
const k: TensorSpec = { name: 'k', datatype: 'BYTES', shape: [-1, 2] };
const table = [
  { name: 'age', type: 'number', tensor: 'x', column: 0 },
  { name: 'member', type: 'boolean', tensor: 'x', column: 3 },
  { name: 'colour', type: 'category', tensor: 'x', column: 1, as: 'index', values: ['red', 'blue'] },
  { name: 'height', type: 'number', tensor: 'x', column: 2, default: 1.75 },
  { name: 'city', type: 'category', tensor: 'k', column: 1 },
  { name: 'street', type: 'category', tensor: 'k', column: 0, default: 'main' },
];

test('each feature lands in its column, whatever the order in which they come', () => {
  const given = { street: 'a', city: 'b', height: 2, colour: 'blue', member: true, age: 40 };
  assert.deepEqual(encoded(table, [x, k], given), [
    ['x', [1, 4], [40, 1, 2, 1]],
    ['k', [1, 2], ['a', 'b']],
  ]);
});

for (const given of [{}, { age: null, member: null, colour: null, height: null, city: null, street: null }]) {
  test(`what does not come has its default, else NaN, false, -1 or nothing: ${JSON.stringify(given)}`, () => {
    assert.deepEqual(encoded(table, [x, k], given), [
      ['x', [1, 4], ['NaN', -1, 1.75, 0]],
      ['k', [1, 2], ['main', '']],
    ]);
  });
}

test('tensors come in the order of the signature', () => {
  assert.deepEqual(
    encoderOf(table, [k, x])({}).map(({ name }) => name),
    ['k', 'x'],
  );
});

test('without a manifest each input is a feature that fills it whole', () => {
  const image: TensorSpec = { name: 'image', datatype: 'UINT8', shape: [-1, 2, 2] };
  const nested = [
    [1, 2],
    [3, 4],
  ];
  for (const given of [nested, nested.flat()])
    assert.deepEqual(encoded([], [image], { image: given }), [['image', [1, 2, 2], [1, 2, 3, 4]]]);
});

test('one further open dimension takes what came', () => {
  const words: TensorSpec = { name: 'words', datatype: 'BYTES', shape: [-1, -1] };
  assert.deepEqual(encoded([], [words], { words: ['a', 'b', 'c'] }), [['words', [1, 3], ['a', 'b', 'c']]]);
  assert.deepEqual(encoded([], [words], { words: [] }), [['words', [1, 0], []]]);
});

test('a tensor without axes takes a value', () => {
  const scalar: TensorSpec = { name: 'n', datatype: 'INT64', shape: [] };
  assert.deepEqual(encoded([], [scalar], { n: 7 }), [['n', [], [7n]]]);
});

const whole = (datatype: TensorSpec['datatype']): TensorSpec => ({ name: 'x', datatype, shape: [-1] });
const number = [{ name: 'n', type: 'number', tensor: 'x' }];
const bad: readonly [
  what: string,
  features: readonly object[],
  spec: TensorSpec,
  Features,
  message: RegExp,
][] = [
  [
    'a fraction for INT64',
    number,
    whole('INT64'),
    { n: 1.5 },
    /features\.n: expected .* for INT64, got the number 1\.5/,
  ],
  [
    'a fraction for INT32',
    number,
    whole('INT32'),
    { n: 1.5 },
    /features\.n: expected .* for INT32, got the number 1\.5/,
  ],
  [
    'a number too large for INT8',
    number,
    whole('INT8'),
    { n: 300 },
    /features\.n: expected .* for INT8, got the number 300/,
  ],
  [
    'a negative number for UINT8',
    number,
    whole('UINT8'),
    { n: -1 },
    /features\.n: expected .* for UINT8, got the number -1/,
  ],
  [
    'a number too large for FP32',
    number,
    whole('FP32'),
    { n: 1e39 },
    /features\.n: expected .*FP32.*, got the number 1e\+39/,
  ],
  ['nothing for INT32', number, whole('INT32'), {}, /features\.n: expected .* for INT32, got nothing/],
  ['a list too short', [], { ...x, shape: [-1, 3] }, { x: [1, 2] }, /features\.x: expected 3 elements/],
  ['a list too long', [], { ...x, shape: [-1, 3] }, { x: [1, 2, 3, 4] }, /got a list of 4 with 4/],
  ['a value for a list', [], { ...x, shape: [-1, 3] }, { x: 1 }, /got the number 1 with 1/],
  [
    'a string among numbers',
    [],
    { ...x, shape: [-1, 2] },
    { x: [1, '2'] },
    /features\.x: element 1: expected FP32/,
  ],
  [
    'null among numbers',
    [],
    { ...x, shape: [-1, 2] },
    { x: [1, null] },
    /features\.x: element 1: .*got null/,
  ],
  ['lists for half floats', [], whole('FP16'), { x: [1] }, /features\.x: FP16 has no JSON form/],
];

for (const [what, features, spec, given, message] of bad) {
  test(`what only the tensor can tell is refused: ${what}`, () => {
    assert.throws(
      () => encoderOf(features, [spec])(given),
      (error) => {
        assert.ok(error instanceof SluiceError);
        assert.equal(error.code, 'INVALID_INPUT');
        assert.match(error.message, message);
        return true;
      },
    );
  });
}
