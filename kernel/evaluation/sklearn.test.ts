import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { accuracy, f1, logLoss, rocAuc } from './classification.ts';
import { coverage } from './coverage.ts';
import {
  determination,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  rootMeanSquaredError,
} from './regression.ts';

interface Regression {
  readonly truth: readonly number[];
  readonly predicted: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  readonly metrics: Readonly<Record<string, number>>;
}
interface Classification {
  readonly truth: readonly number[];
  readonly score: readonly number[];
  readonly predicted: readonly number[];
  readonly metrics: Readonly<Record<string, number>>;
}

/** Made by testing/sklearn-metrics.py. */
const cases = JSON.parse(readFileSync(new URL('testing/sklearn-metrics.json', import.meta.url), 'utf8')) as {
  readonly regression: readonly Regression[];
  readonly classification: readonly Classification[];
};

const isNear = (ours: Readonly<Record<string, number>>, theirs: Readonly<Record<string, number>>): void => {
  assert.deepEqual(Object.keys(ours).sort(), Object.keys(theirs).sort());
  for (const [name, value] of Object.entries(theirs)) {
    const difference = Math.abs((ours[name] ?? Number.NaN) - value);
    assert.ok(difference <= 1e-12 * Math.max(1, Math.abs(value)), `${name}: ${ours[name]}, sklearn ${value}`);
  }
};

for (const [index, { truth, predicted, lower, upper, metrics }] of cases.regression.entries()) {
  test(`metrics of numbers are those of scikit-learn: case ${index + 1}`, () => {
    const pairs = truth.map((value, row) => ({ truth: value, predicted: predicted[row] ?? Number.NaN }));
    const ours = {
      mae: meanAbsoluteError(pairs),
      rmse: rootMeanSquaredError(pairs),
      mape: meanAbsolutePercentageError(pairs),
      r2: determination(pairs),
      coverage: coverage(
        truth.map((value, row) => ({
          truth: value,
          lower: lower[row] ?? Number.NaN,
          upper: upper[row] ?? Number.NaN,
        })),
      ),
    };
    isNear(ours, metrics);
  });
}

for (const [index, { truth, score, predicted, metrics }] of cases.classification.entries()) {
  test(`metrics of classes are those of scikit-learn: case ${index + 1}`, () => {
    const labels = truth.map((value, row) => ({ truth: String(value), predicted: String(predicted[row]) }));
    const scores = truth.map((value, row) => ({ truth: value === 1, score: score[row] ?? Number.NaN }));
    const ours = {
      accuracy: accuracy(labels),
      f1: f1(labels, '1'),
      log_loss: logLoss(scores),
      roc_auc: rocAuc(scores),
    };
    isNear(ours, metrics);
  });
}
