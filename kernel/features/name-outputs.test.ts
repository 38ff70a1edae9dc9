import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { parseManifest } from '../release/manifest.ts';
import type { Datatype } from '../tensor/datatypes.ts';
import { packValues } from '../tensor/json-values.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { nameOutputs } from './name-outputs.ts';

const signature = { inputs: [], outputs: [], maxBatchSize: 8 };
const releaseOf = (outputs: object) => ({
  signature,
  manifest: parseManifest(stringify({ apiVersion: 'sluice/v1', model: 'm', version: '1', outputs })),
});
const tensor = (
  name: string,
  datatype: Datatype,
  shape: readonly number[],
  values: readonly unknown[],
): Tensor => {
  const packed = packValues(datatype, values);
  assert.ok('value' in packed);
  return { name, datatype, shape, data: packed.value };
};

const probabilities = tensor('p', 'FP32', [1, 3], [0.25, 0.5, 0.25]);
const labels = ['low', 'middle', 'high'];

test('a number is a column of a tensor', () => {
  const release = releaseOf({ first: { tensor: 'p' }, second: { tensor: 'p', column: 1, unit: 'EUR' } });
  assert.deepEqual(nameOutputs(release, [probabilities], {}), { first: 0.25, second: 0.5 });
});

test('an interval has two ends, and its level where the manifest says it', () => {
  const tensors = [tensor('l', 'FP64', [1, 1], [1]), tensor('u', 'FP64', [1, 1], [2])];
  const release = releaseOf({ a: { lower: 'l', upper: 'u', level: 0.9 }, b: { lower: 'l', upper: 'u' } });
  assert.deepEqual(nameOutputs(release, tensors, {}), {
    a: { lower: 1, upper: 2, level: 0.9 },
    b: { lower: 1, upper: 2 },
  });
});

const labelled: readonly [what: string, tensor: Tensor, expected: string | null][] = [
  ['the largest of several scores', probabilities, 'middle'],
  ['the first of equal scores', tensor('p', 'FP32', [1, 3], [1, 1, 0]), 'low'],
  ['an index', tensor('p', 'INT64', [1], [2]), 'high'],
  ['a string of the graph itself', tensor('p', 'BYTES', [1], ['other']), 'other'],
  ['an index beyond the list', tensor('p', 'INT64', [1], [3]), null],
];

for (const [what, given, expected] of labelled) {
  test(`a label comes from ${what}`, () => {
    assert.deepEqual(nameOutputs(releaseOf({ label: { tensor: 'p', labels } }), [given], {}), {
      label: expected,
    });
  });
}

const cutoffs: readonly [parameters: Record<string, number>, expected: string][] = [
  [{}, 'yes'],
  [{ cut: 0.51 }, 'no'],
  [{ cut: 0.5 }, 'yes'],
  [{ other: 0.9 }, 'yes'],
];

for (const [parameters, expected] of cutoffs) {
  test(`a cut-off is the parameter of the revision, else the default: ${JSON.stringify(parameters)}`, () => {
    const cutoff = { parameter: 'cut', default: 0.4 };
    const release = releaseOf({ churn: { tensor: 'p', column: 1, labels: ['no', 'yes'], cutoff } });
    assert.deepEqual(nameOutputs(release, [probabilities], parameters), { churn: expected });
  });
}

test('without a manifest tensors keep their names, one element a value, several a list', () => {
  const tensors = [
    tensor('label', 'INT64', [1], [7]),
    probabilities,
    tensor('text', 'BYTES', [1, 1], ['a']),
    tensor('flag', 'BOOL', [], [true]),
    tensor('odd', 'FP32', [1, 2], ['NaN', '-Infinity']),
    tensor('none', 'FP32', [1, 0], []),
  ];
  assert.deepEqual(nameOutputs({ manifest: undefined, signature }, tensors, {}), {
    label: 7,
    p: [0.25, 0.5, 0.25],
    text: 'a',
    flag: true,
    odd: ['NaN', '-Infinity'],
    none: [],
  });
});

test('of several rows the first is named', () => {
  const rows = tensor('p', 'FP32', [2, 2], [1, 2, 3, 4]);
  assert.deepEqual(nameOutputs({ manifest: undefined, signature }, [rows], {}), { p: [1, 2] });
});

test('without a batch axis an output is one row, however long its first axis', () => {
  const unbatched = { ...signature, maxBatchSize: 0 };
  const three = tensor('p', 'FP32', [3], [1, 2, 3]);
  assert.deepEqual(nameOutputs({ manifest: undefined, signature: unbatched }, [three], {}), { p: [1, 2, 3] });
  const { manifest } = releaseOf({ last: { tensor: 'p', column: 2 } });
  assert.deepEqual(nameOutputs({ manifest, signature: unbatched }, [three], {}), { last: 3 });
});

test('an output that did not come, or has no such column, is null', () => {
  const release = releaseOf({ a: { tensor: 'gone' }, b: { tensor: 'p', column: 9 } });
  assert.deepEqual(nameOutputs(release, [probabilities], {}), { a: null, b: null });
});
