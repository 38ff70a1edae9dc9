import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareReleases } from './compare-releases.ts';
import {
  age,
  between,
  k,
  kind,
  leaves,
  type Parts,
  price,
  release,
  rule,
  word,
  x,
} from './testing/releases.ts';

type Row = readonly [what: string, from: Parts, to: Parts, path: string, message: RegExp];

const limits: readonly Row[] = (
  [
    ['minimum', { minimum: 1 }, { minimum: 18 }],
    ['maximum', {}, { maximum: 99 }],
    ['integer', {}, { integer: true }],
    ['coerce', { coerce: true }, {}],
    ['nullable', { nullable: true, default: 1 }, { nullable: false, default: 1 }],
  ] as const
).map(([limit, before, after]) => [
  `a feature has another ${limit}`,
  { features: [{ ...age, ...before }, kind] },
  { features: [{ ...age, ...after }, kind] },
  `features.age.${limit}`,
  /refuses what was accepted/,
]);

const breaking: readonly Row[] = [
  ...limits,
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
  [
    'a category matches a pattern now',
    { features: [age, word] },
    { features: [age, { ...word, pattern: '[a-z]+' }] },
    'features.word.pattern',
    /may refuse what was accepted/,
  ],
  [
    'a category may be less long',
    { features: [age, word] },
    { features: [age, { ...word, maxLength: 9 }] },
    'features.word.maxLength',
    /refuses what was accepted/,
  ],
  [
    'a feature is computed now',
    {},
    { features: [{ ...age, derived: '1 + 1' }, kind] },
    'features.age',
    /is gone, or has another name/,
  ],
  [
    'a field of an output is gone',
    { outputs: { both: { fields: { price, leaves } } } },
    { outputs: { both: { fields: { price } } } },
    'outputs.both.fields.leaves',
    /is gone/,
  ],
  [
    'a list of labels becomes one label',
    { outputs: { leaves: { ...leaves, top: 2 } } },
    { outputs: { leaves } },
    'outputs.leaves',
    /was: list, is: label/,
  ],
  ['an output is gone', {}, { outputs: { price } }, 'outputs.leaves', /is gone/],
  [
    'an output is of another kind',
    {},
    { outputs: { price: leaves, leaves } },
    'outputs.price',
    /was: number, is: label/,
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

const other = { ...rule, when: 'age > 90' };

for (const [what, from, to] of [
  ['a rule comes', [], [rule]],
  ['a rule has another condition', [rule], [other]],
] as const)
  test(`callers break where ${what}, whatever they send`, () => {
    const { breaks } = between({ more: { rules: from } }, { more: { rules: to } });
    assert.deepEqual(
      breaks.map(({ callers, path }) => `${callers}: ${path}`),
      ['features: rules.TOO_OLD', 'tensors: rules.TOO_OLD'],
    );
  });

test('callers break where a schema of its own comes', () => {
  const to = { ...release({}), given: { file: 'schema.json', schema: { $defs: {}, required: ['age'] } } };
  const { changes, breaks } = compareReleases(release({}), to);
  assert.deepEqual(
    [breaks.map(({ path }) => path), changes.map(({ path }) => path)],
    [['schema'], ['schema']],
  );
});
