import assert from 'node:assert/strict';
import { test } from 'node:test';
import { age, between, k, kind, type Parts, price, rule, x } from './testing/releases.ts';

test('releases that say the same have no changes', () => {
  assert.deepEqual(between({}, {}), { changes: [], breaks: [] });
});

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
  ['a rule is gone', { more: { rules: [rule] } }, {}, ['rules.TOO_OLD.when']],
  [
    'a rule says it in other words',
    { more: { rules: [rule] } },
    { more: { rules: [{ ...rule, message: 'very old' }] } },
    ['rules.TOO_OLD.message'],
  ],
  ['a limit is wider', { features: [{ ...age, minimum: 18 }, kind] }, {}, ['features.age.minimum']],
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
