import { nearMiss } from '../schema/near-miss.ts';

/** What a metric is measured on: the kind of output beside the truth. */
export type MetricKind = 'value' | 'label' | 'score' | 'interval';

interface MetricFacts {
  readonly kind: MetricKind;
  /** Which way is up; undefined: neither, as an interval may be too wide as well. */
  readonly better?: 'smaller' | 'larger';
}

/** The metrics that a release may declare. */
export const metrics = {
  mae: { kind: 'value', better: 'smaller' },
  rmse: { kind: 'value', better: 'smaller' },
  mape: { kind: 'value', better: 'smaller' },
  r2: { kind: 'value', better: 'larger' },
  accuracy: { kind: 'label', better: 'larger' },
  f1: { kind: 'label', better: 'larger' },
  log_loss: { kind: 'score', better: 'smaller' },
  roc_auc: { kind: 'score', better: 'larger' },
  coverage: { kind: 'interval' },
} as const satisfies Record<string, MetricFacts>;

export type MetricName = keyof typeof metrics;

export const metricNames = Object.keys(metrics) as readonly MetricName[];
export const isMetricName = (text: string): text is MetricName => Object.hasOwn(metrics, text);
export const factsOfMetric = (name: MetricName): MetricFacts => metrics[name];

/** What to say of a name that is no metric. */
export const unknownMetric = (text: string): string => {
  const near = nearMiss(text, metricNames);
  const meant = near === undefined ? '' : `did you mean ${near}? `;
  return `no such metric: ${meant}there are ${metricNames.join(', ')}`;
};
