import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluation } from './manifest-evaluation.ts';

test('an evaluation says on what, how good, and how good it has to be', () => {
  const whole = { dataset: 'holdout.parquet', metrics: { mae: 41.2 }, gate: { mae: '<= 45' } };
  assert.deepEqual(evaluation.parse(whole), whole);
  assert.deepEqual(evaluation.parse({}), { metrics: {}, gate: {} });
});

const bad: readonly [what: string, given: object, path: string, message: RegExp][] = [
  [
    'a metric that is misspelt',
    { metrics: { rmsee: 1 } },
    'metrics.rmsee',
    /^no such metric: did you mean rmse\? there are/,
  ],
  [
    'a metric that is none',
    { metrics: { happiness: 1 } },
    'metrics.happiness',
    /^no such metric: there are mae, rmse/,
  ],
  ['a metric that is no number', { metrics: { mae: '41' } }, 'metrics.mae', /expected number/],
  ['a gate on a misspelt metric', { gate: { ROC_AUC: '>= 0' } }, 'gate.ROC_AUC', /did you mean roc_auc\?/],
  [
    'a gate on a metric that is not there',
    { gate: { mae: '<= 45' } },
    'gate.mae',
    /^there is no metric mae: say under/,
  ],
  [
    'a bound that is none',
    { metrics: { mae: 1 }, gate: { mae: '45' } },
    'gate.mae',
    /^expected a bound such as "<= 45"/,
  ],
  ['a bound that is a number', { metrics: { mae: 1 }, gate: { mae: 45 } }, 'gate.mae', /expected string/],
  [
    'a bound the wrong way round',
    { metrics: { mae: 1 }, gate: { mae: '>= 0' } },
    'gate.mae',
    /^smaller is better: expected <= or </,
  ],
  [
    'a metric that misses its gate',
    { metrics: { r2: 0.5 }, gate: { r2: '>= 0.8' } },
    'gate.r2',
    /^expected >= 0\.8, metrics says 0\.5$/,
  ],
  ['an unknown key', { data: 'x' }, '', /"data"/],
];
for (const [what, given, path, message] of bad) {
  test(`an evaluation is refused with the path of its fault: ${what}`, () => {
    const issues = evaluation.safeParse(given).error?.issues ?? [];
    assert.deepEqual(
      issues.map((issue) => issue.path.join('.')),
      [path],
    );
    assert.match(issues[0]?.message ?? '', message);
  });
}
