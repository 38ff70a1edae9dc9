import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FeatureValue } from '../features/value.ts';
import type { Manifest } from '../release/manifest.ts';
import { measure } from './measure.ts';
import { evaluationFaults } from './measured-output.ts';
import type { MetricName } from './metric-names.ts';
import type { Label } from './read-dataset.ts';

const price = { tensor: 'y', column: 0 };
const range = { lower: 'l', upper: 'u' };
const chance = { tensor: 'p', column: 1 };
const leaves = {
  tensor: 'p',
  column: 1,
  labels: ['no', 'yes'] as [string, string],
  cutoff: { parameter: 'cut', default: 0.5 },
};
type Outputs = Manifest['outputs'];
const declared = (outputs: Outputs, more: object = {}) => ({
  outputs,
  evaluation: { dataset: 'evaluation.jsonl', metrics: {}, gate: {}, ...more },
});
type Pair = readonly [label: Label, outputs: Record<string, FeatureValue>];
const rows = (...pairs: readonly Pair[]) =>
  pairs.map(([label, outputs], index) => ({ line: index + 1, label, outputs }));

test('each metric is measured on the output of its kind', () => {
  const answered = rows([10, { price: 12, range: { lower: 9, upper: 11 } }]);
  const of = declared({ price, range });
  assert.equal(measure('mae', answered, of), 2);
  assert.equal(measure('coverage', answered, of), 1);
});

for (const [yes, no] of [
  ['yes', 'no'],
  [true, false],
  [1, 0],
] as const) {
  test(`two classes may be told as ${yes} and ${no}`, () => {
    const answered = rows([yes, { chance: 0.9, leaves: 'yes' }], [no, { chance: 0.6, leaves: 'yes' }]);
    const of = declared({ chance, leaves });
    const measured = (['accuracy', 'f1', 'roc_auc'] as const).map((metric) => measure(metric, answered, of));
    assert.deepEqual(measured, [0.5, 2 / 3, 1]);
  });
}

test('another class than the second can be the positive one', () => {
  const answered = rows(['yes', { leaves: 'yes' }], ['no', { leaves: 'yes' }]);
  assert.equal(measure('f1', answered, declared({ leaves }, { positive: 'no' })), 0);
});

test('a score without labels beside it is held against 1 and true', () => {
  const answered = rows([1, { chance: 0.9 }], [0, { chance: 0.2 }], [true, { chance: 0.8 }]);
  assert.equal(measure('roc_auc', answered, declared({ chance })), 1);
});

test('evaluation.output chooses among several outputs of a kind', () => {
  const answered = rows([10, { price: 12, rent: 10 }]);
  assert.equal(measure('mae', answered, declared({ price, rent: price }, { output: 'rent' })), 0);
});

const bad: readonly [message: RegExp, metric: MetricName, outputs: Outputs, ...pairs: Pair[]][] = [
  [/^mae: line 1: label: expected a number, got the string '10'$/, 'mae', { price }, ['10', { price: 1 }]],
  [
    /^mae: line 2: price: expected a number, got null$/,
    'mae',
    { price },
    [1, { price: 1 }],
    [1, { price: null }],
  ],
  [
    /^accuracy: line 1: label: expected one of no, yes, got the string 'maybe'$/,
    'accuracy',
    { leaves },
    ['maybe', {}],
  ],
  [
    /^roc_auc: all labels are of one class; the positive one is yes$/,
    'roc_auc',
    { chance, leaves },
    ['no', { chance: 0 }],
  ],
  [
    /^coverage: line 1: range\.upper: expected a number, got nothing$/,
    'coverage',
    { range },
    [1, { range: { lower: 0 } }],
  ],
  [/^f1 is measured on a label, and no output is one$/, 'f1', { price }, [1, { price: 1 }]],
];
for (const [message, metric, outputs, ...pairs] of bad) {
  test(`what cannot be measured is told with its line: ${message.source}`, () => {
    assert.throws(() => measure(metric, rows(...pairs), declared(outputs)), { message });
  });
}

test('f1 needs to know which class it is about', () => {
  const three = { tensor: 'p', labels: ['a', 'b', 'c'] };
  const answered = rows(['a', { kind: 'a' }]);
  assert.throws(() => measure('f1', answered, declared({ kind: three })), {
    message: 'f1: say under evaluation.positive which class it is about',
  });
  assert.equal(measure('f1', answered, declared({ kind: three }, { positive: 'a' })), 1);
});

test('metrics that no output can give are faults of the manifest, but only where they are measured', () => {
  const metrics = { mae: 1, coverage: 0.9 };
  assert.deepEqual(evaluationFaults(declared({ price, rent: price }, { metrics })), [
    'evaluation.metrics.mae: is measured on a number: say which under evaluation.output: price, rent',
    'evaluation.metrics.coverage: is measured on an interval, and no output is one',
  ]);
  assert.deepEqual(evaluationFaults(declared({}, { metrics, dataset: 'holdout-2024.parquet' })), []);
  assert.deepEqual(evaluationFaults(declared({ price }, { output: 'rent' })), [
    'evaluation.output: there is no output rent',
  ]);
});
