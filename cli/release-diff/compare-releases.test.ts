import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseManifest } from '@sluice/kernel/release/manifest';
import type { Release } from '@sluice/kernel/release/release';
import type { TensorSpec } from '@sluice/kernel/tensor/tensor';
import { stringify } from 'yaml';
import { compareReleases } from './compare-releases.ts';

const x: TensorSpec = { name: 'x', datatype: 'FP32', shape: [-1, 2] };
const k: TensorSpec = { name: 'k', datatype: 'BYTES', shape: [-1] };
const y: TensorSpec = { name: 'y', datatype: 'FP32', shape: [-1, 1] };

interface Parts {
  readonly features?: readonly object[];
  readonly outputs?: object;
  readonly inputs?: readonly TensorSpec[];
  readonly answers?: readonly TensorSpec[];
  readonly maxBatchSize?: number;
  readonly more?: object;
}

const age = { name: 'age', type: 'number', unit: 'years', tensor: 'x' };
const kind = { name: 'kind', type: 'category', values: ['car', 'van'], tensor: 'k' };
const price = { tensor: 'y', unit: 'EUR' };
const leaves = { tensor: 'y', labels: ['no', 'yes'] };
const usual = { features: [age, kind], outputs: { price, leaves } };

const release = (parts: Parts): Release => {
  const {
    features,
    outputs,
    inputs = [x, k],
    answers = [y],
    maxBatchSize = 64,
    more,
  } = { ...usual, ...parts };
  const least = { apiVersion: 'sluice/v1', model: 'm', version: '1.0.0' };
  return {
    model: 'm',
    version: '1.0.0',
    digest: 'sha256:0',
    manifest: parseManifest(stringify({ ...least, features, outputs, ...more })),
    signature: { inputs, outputs: answers, maxBatchSize },
    batching: { maxSize: maxBatchSize, preferredSizes: [], maxDelayMs: 0 },
  };
};
const between = (from: Parts, to: Parts) => compareReleases(release(from), release(to));

test('releases that say the same have no changes', () => {
  assert.deepEqual(between({}, {}), { changes: [], breaks: [] });
});

const breaking: readonly [what: string, from: Parts, to: Parts, path: string, message: RegExp][] = [
  ['a feature is gone', {}, { features: [age] }, 'features.kind', /is gone, or has another name/],
  [
    'a feature comes that is required',
    { features: [kind] },
    { features: [{ ...age, required: true }, kind] },
    'features.age',
    /is new and required/,
  ],
  [
    'a feature becomes required',
    {},
    { features: [{ ...age, required: true }, kind] },
    'features.age.required',
    /is required now/,
  ],
  [
    'a feature has another type',
    {},
    { features: [{ ...age, type: 'boolean' }, kind] },
    'features.age.type',
    /was number, is boolean/,
  ],
  [
    'a feature has another unit',
    {},
    { features: [{ ...age, unit: 'months' }, kind] },
    'features.age.unit',
    /means something else/,
  ],
  [
    'a category is no longer accepted',
    {},
    { features: [age, { ...kind, values: ['car'] }] },
    'features.kind.values',
    /no longer accepted: van/,
  ],
  [
    'categories are listed now',
    { features: [age, { ...kind, values: undefined }] },
    {},
    'features.kind.values',
    /only those listed/,
  ],
  [
    'unknown categories are refused now',
    { features: [age, { ...kind, unknown: 'pass' }] },
    {},
    'features.kind.unknown',
    /only those listed/,
  ],
  ['an output is gone', {}, { outputs: { price } }, 'outputs.leaves', /is gone/],
  [
    'an output is of another kind',
    {},
    { outputs: { price: leaves, leaves } },
    'outputs.price',
    /was a number, is a label/,
  ],
  [
    'an output has another unit',
    {},
    { outputs: { price: { ...price, unit: 'USD' }, leaves } },
    'outputs.price.unit',
    /means something else/,
  ],
  [
    'a label has another name',
    {},
    { outputs: { price, leaves: { ...leaves, labels: ['no', 'si'] } } },
    'outputs.leaves.labels',
    /no longer comes/,
  ],
  ['an input is gone', {}, { inputs: [x] }, 'inputs.k', /is gone/],
  ['an input comes', { inputs: [x] }, {}, 'inputs.k', /is new, and every input is needed/],
  [
    'an input has another datatype',
    {},
    { inputs: [{ ...x, datatype: 'FP64' }, k] },
    'inputs.x.datatype',
    /was FP32, is FP64/,
  ],
  ['an input is narrower', {}, { inputs: [{ ...x, shape: [-1, 3] }, k] }, 'inputs.x.shape', /no longer fits/],
  ['an output tensor is gone', {}, { answers: [] }, 'outputTensors.y', /is gone/],
  ['a request may have fewer rows', {}, { maxBatchSize: 8 }, 'batching.maxRows', /8 rows at most, it was 64/],
];
for (const [what, from, to, path, message] of breaking) {
  test(`callers break where ${what}`, () => {
    const { changes, breaks } = between(from, to);
    assert.deepEqual(
      breaks.map((each) => each.path),
      [path],
    );
    assert.match(breaks[0]?.message ?? '', message);
    assert.equal(breaks[0]?.callers, /^(features|outputs)\./.test(path) ? 'features' : 'tensors');
    assert.ok(changes.some((change) => change.path.startsWith(path) || path.startsWith(change.path)));
  });
}

const harmless: readonly [what: string, from: Parts, to: Parts, paths: string[]][] = [
  [
    'a feature comes that may be missing',
    { features: [age] },
    {},
    ['features.kind.type', 'features.kind.values'],
  ],
  [
    'a feature need not be sent any more',
    { features: [{ ...age, required: true }, kind] },
    {},
    ['features.age.required'],
  ],
  [
    'a category is accepted too',
    {},
    { features: [age, { ...kind, values: ['car', 'van', 'bus'] }] },
    ['features.kind.values'],
  ],
  [
    'a feature lies in another column',
    {},
    { features: [{ ...age, column: 1 }, kind] },
    ['features.age.column'],
  ],
  [
    'an output comes',
    { outputs: { price } },
    { outputs: { price, rent: price } },
    ['outputs.rent.tensor', 'outputs.rent.unit'],
  ],
  ['an input takes any width', {}, { inputs: [{ ...x, shape: [-1, -1] }, k] }, ['inputs.x.shape']],
  ['an output tensor comes', { answers: [] }, {}, ['outputTensors.y.datatype']],
  [
    'a metric is better',
    { more: { evaluation: { metrics: { mae: 2 } } } },
    { more: { evaluation: { metrics: { mae: 1 } } } },
    ['evaluation.metrics.mae'],
  ],
  ['it is batched otherwise', { more: { batching: { maxDelayMs: 1 } } }, {}, []],
];
for (const [what, from, to, paths] of harmless) {
  test(`no caller breaks where ${what}`, () => {
    const { changes, breaks } = between(from, to);
    assert.deepEqual(breaks, []);
    const changed = changes.map(({ path }) => path);
    for (const path of paths) assert.ok(changed.includes(path), `${path} of ${changed.join(', ')}`);
  });
}

test('each change has both sides', () => {
  const { changes } = between({}, { features: [{ ...age, unit: 'months' }, kind] });
  assert.deepEqual(changes, [{ path: 'features.age.unit', from: 'years', to: 'months' }]);
});

test('without features the tensors are what callers send', () => {
  const { breaks } = between({ features: [], inputs: [x] }, { features: [], inputs: [{ ...x, name: 'z' }] });
  const told = breaks.map(({ callers, path }) => `${callers}: ${path}`);
  assert.deepEqual(told, [
    'features: features.x',
    'features: features.z',
    'tensors: inputs.x',
    'tensors: inputs.z',
  ]);
});
