import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkManifest } from '@sluice/kernel/release/check-manifest';
import { type Manifest, parseManifest } from '@sluice/kernel/release/manifest';
import { datatypes, isDatatype } from '@sluice/kernel/tensor/datatypes';
import type { TensorSpec } from '@sluice/kernel/tensor/tensor';
import fc from 'fast-check';
import { firstManifest } from './first-manifest.ts';

const name = { model: 'm', version: '1.0.0' };
const spec = (tensor: string, datatype: TensorSpec['datatype'], ...shape: number[]): TensorSpec => ({
  name: tensor,
  datatype,
  shape,
});
const guessed = (inputs: TensorSpec[], outputs: TensorSpec[]): Manifest =>
  parseManifest(firstManifest(name, { inputs, outputs }));
const featuresOf = (...inputs: TensorSpec[]): string[] =>
  guessed(inputs, []).features.map((feature) => `${feature.name}: ${feature.type}`);
const outputsOf = (...outputs: TensorSpec[]) => guessed([], outputs).outputs;

test('every column of a small matrix is a feature, named by its input', () => {
  assert.deepEqual(featuresOf(spec('X', 'FP32', -1, 3)), ['x_0: number', 'x_1: number', 'x_2: number']);
  assert.deepEqual(featuresOf(spec('driverAge', 'INT64', -1, 1)), ['driver_age: number']);
  assert.deepEqual(featuresOf(spec('float_input', 'FP64', -1)), ['float_input: number']);
});

test('strings are categories, BOOL is true or false', () => {
  assert.deepEqual(featuresOf(spec('vehicle', 'BYTES', -1), spec('flags', 'BOOL', -1, 2)), [
    'vehicle: category',
    'flags_0: boolean',
    'flags_1: boolean',
  ]);
});

test('what cannot be told apart column by column is one list', () => {
  assert.deepEqual(
    featuresOf(
      spec('image', 'FP32', -1, 8, 8),
      spec('embedding', 'FP32', -1, 768),
      spec('open', 'FP32', -1, -1),
      spec('half', 'FP16', -1, 2),
      spec('rows', 'FP32', 4, 2),
    ),
    ['image: tensor', 'embedding: tensor', 'open: tensor', 'half: tensor', 'rows: tensor'],
  );
});

test('inputs whose names differ in signs alone get features with names of their own', () => {
  assert.deepEqual(featuresOf(spec('a.b', 'FP32', -1), spec('a-b', 'FP32', -1), spec('…', 'FP32', -1)), [
    'a_b: number',
    'a_b_: number',
    'value: number',
  ]);
});

test('two scores of a classifier are a probability and a label with a cut-off', () => {
  const outputs = outputsOf(spec('output_label', 'INT64', -1), spec('output_probability', 'FP32', -1, 2));
  assert.deepEqual(Object.keys(outputs), ['probability', 'label']);
  assert.deepEqual(outputs['label'], {
    tensor: 'output_probability',
    column: 1,
    labels: ['class_0', 'class_1'],
    cutoff: { parameter: 'proba_cutoff', default: 0.5 },
  });
});

test('more scores are a label', () => {
  assert.deepEqual(outputsOf(spec('label', 'BYTES', -1), spec('probabilities', 'FP32', -1, 3)), {
    label: { tensor: 'probabilities', labels: ['class_0', 'class_1', 'class_2'] },
  });
});

test('a regression of skl2onnx answers a prediction', () => {
  assert.deepEqual(outputsOf(spec('variable', 'FP32', -1, 1)), {
    prediction: { tensor: 'variable', column: 0 },
  });
});

test('no output is lost to another of the same name', () => {
  assert.deepEqual(Object.keys(outputsOf(spec('y', 'FP32', -1), spec('Y', 'FP32', -1))), ['y', 'y_']);
});

test('outputs that are no row of numbers keep their own names', () => {
  assert.deepEqual(outputsOf(spec('y', 'FP32', -1, 1), spec('mask', 'FP32', -1, 8, 8)), {});
});

test('the model and the version are quoted where YAML needs it', () => {
  const text = firstManifest({ model: 'true', version: '1' }, { inputs: [], outputs: [] });
  const { model, version } = parseManifest(text);
  assert.deepEqual([model, version], ['true', '1']);
});

test('names with line breaks, of YAML or of Unicode, stay within their places', () => {
  for (const strange of ['\n', 'a\nb: 1', '\r', '\u0085', '\u2028', '\u2028 '])
    assert.deepEqual(
      guessed([spec(strange, 'FP32', -1)], []).features.map((feature) => feature.tensor),
      [strange],
    );
});

test('a tensor with a name that every JavaScript object has gets another one', () => {
  assert.deepEqual(featuresOf(spec('constructor', 'FP32', -1)), ['constructor_: number']);
});

const anySpecs = fc.uniqueArray(
  fc.record({
    name: fc.string({ minLength: 1, unit: 'grapheme' }),
    datatype: fc.constantFrom(...Object.keys(datatypes).filter(isDatatype)),
    shape: fc.array(fc.constantFrom(-1, 1, 2, 5, 100), { maxLength: 4 }),
  }),
  { selector: (each) => each.name, minLength: 1, maxLength: 4 },
);

test('the first manifest of any graph is valid as it is', () => {
  fc.assert(
    fc.property(anySpecs, anySpecs, (inputs, outputs) => {
      checkManifest(guessed(inputs, outputs), { inputs, outputs, maxBatchSize: 0 });
    }),
  );
});
