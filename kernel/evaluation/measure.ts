import type { Features, FeatureValue } from '../features/value.ts';
import { shown } from '../features/value.ts';
import type { Manifest } from '../release/manifest.ts';
import { accuracy, f1, type LabelPair, logLoss, rocAuc, type ScorePair } from './classification.ts';
import { coverage } from './coverage.ts';
import { classesOf, labelsOf, measuredOutput, positiveOf } from './measured-output.ts';
import type { MetricName } from './metric-names.ts';
import type { Label } from './read-dataset.ts';
import {
  determination,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  rootMeanSquaredError,
  type ValuePair,
} from './regression.ts';

/** A row of a dataset with what the release answered. */
export interface AnsweredRow {
  readonly line: number;
  readonly label: Label;
  readonly outputs: Features;
}

type Declared = Pick<Manifest, 'outputs' | 'evaluation'>;

const numberIn = (line: number, what: string, value: FeatureValue | undefined): number => {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new Error(`line ${line}: ${what}: expected a number, got ${shown(value)}`);
};

const valuePairs = (rows: readonly AnsweredRow[], output: string): ValuePair[] =>
  rows.map(({ line, label, outputs }) => ({
    truth: numberIn(line, 'label', label),
    predicted: numberIn(line, output, outputs[output]),
  }));

const intervalPairs = (rows: readonly AnsweredRow[], output: string) =>
  rows.map(({ line, label, outputs }) => {
    const { lower, upper } = (outputs[output] ?? {}) as Features;
    return {
      truth: numberIn(line, 'label', label),
      lower: numberIn(line, `${output}.lower`, lower),
      upper: numberIn(line, `${output}.upper`, upper),
    };
  });

/** A truth in the words of the labels; of two classes 1 and true are the positive one, 0 and false the other. */
const className = (line: number, label: Label, labels: readonly string[], positive?: string): string => {
  const text = String(label);
  if (labels.length === 0 || labels.includes(text)) return text;
  const isBinary = labels.length === 2 && (typeof label === 'boolean' || label === 0 || label === 1);
  const named = isBinary ? labels.find((name) => (name === positive) === Boolean(label)) : undefined;
  if (named !== undefined) return named;
  throw new Error(`line ${line}: label: expected one of ${labels.join(', ')}, got ${shown(label)}`);
};

const labelPairs = (rows: readonly AnsweredRow[], output: string, declared: Declared): LabelPair[] => {
  const [labels, positive] = [labelsOf(declared.outputs, output), positiveOf(declared)];
  return rows.map(({ line, label, outputs }) => ({
    truth: className(line, label, labels, positive),
    predicted: String(outputs[output] ?? null),
  }));
};

/** Where nothing names the classes, true and 1 are the positive one. */
const isPositive = (line: number, label: Label, classes: readonly string[], positive?: string): boolean =>
  positive === undefined
    ? label === true || label === 1
    : className(line, label, classes, positive) === positive;

const scorePairs = (rows: readonly AnsweredRow[], output: string, declared: Declared): ScorePair[] => {
  const [classes, positive] = [classesOf(declared), positiveOf(declared)];
  const pairs = rows.map(({ line, label, outputs }) => ({
    truth: isPositive(line, label, classes, positive),
    score: numberIn(line, output, outputs[output]),
  }));
  if (new Set(pairs.map(({ truth }) => truth)).size === 2) return pairs;
  throw new Error(`all labels are of one class; the positive one is ${positive ?? 'true or 1'}`);
};

const positiveName = (declared: Declared): string => {
  const positive = positiveOf(declared);
  if (positive === undefined) throw new Error('say under evaluation.positive which class it is about');
  return positive;
};

type Measure = (rows: readonly AnsweredRow[], output: string, declared: Declared) => number;

const measures: Readonly<Record<MetricName, Measure>> = {
  mae: (rows, output) => meanAbsoluteError(valuePairs(rows, output)),
  rmse: (rows, output) => rootMeanSquaredError(valuePairs(rows, output)),
  mape: (rows, output) => meanAbsolutePercentageError(valuePairs(rows, output)),
  r2: (rows, output) => determination(valuePairs(rows, output)),
  accuracy: (rows, output, declared) => accuracy(labelPairs(rows, output, declared)),
  f1: (rows, output, declared) => f1(labelPairs(rows, output, declared), positiveName(declared)),
  log_loss: (rows, output, declared) => logLoss(scorePairs(rows, output, declared)),
  roc_auc: (rows, output, declared) => rocAuc(scorePairs(rows, output, declared)),
  coverage: (rows, output) => coverage(intervalPairs(rows, output)),
};

/**
 * A metric over what a release answered.
 * @param rows at least one
 * @throws Error naming the metric, and the line whose label or answer does not fit it.
 */
export const measure = (metric: MetricName, rows: readonly AnsweredRow[], declared: Declared): number => {
  const output = measuredOutput(metric, declared);
  if ('error' in output) throw new Error(`${metric} ${output.error}`);
  try {
    return measures[metric](rows, output.value, declared);
  } catch (error) {
    throw new Error(`${metric}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
};
