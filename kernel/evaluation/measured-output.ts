import type { Manifest } from '../release/manifest.ts';
import type { Output } from '../release/manifest-outputs.ts';
import { factsOfMetric, isMetricName, type MetricKind, type MetricName } from './metric-names.ts';
import { isMeasured } from './read-dataset.ts';

type Declared = Pick<Manifest, 'outputs' | 'evaluation'>;

const kindOf = (output: Output): Exclude<MetricKind, 'score'> | undefined => {
  if ('fields' in output || 'top' in output) return undefined;
  if ('lower' in output) return 'interval';
  return 'labels' in output ? 'label' : 'value';
};

const words = { value: 'a number', score: 'a number', label: 'a label', interval: 'an interval' } as const;

/** The output that a metric is measured on: the one that `evaluation.output` names, else the only one of its kind. */
export const measuredOutput = (
  metric: MetricName,
  { outputs, evaluation }: Declared,
): { readonly value: string } | { readonly error: string } => {
  const { kind } = factsOfMetric(metric);
  const wanted = kind === 'score' ? 'value' : kind;
  const fitting = Object.entries(outputs).flatMap(([name, output]) =>
    kindOf(output) === wanted ? [name] : [],
  );
  const named = evaluation?.output;
  if (named !== undefined && fitting.includes(named)) return { value: named };
  const [only, ...more] = fitting;
  if (only === undefined) return { error: `is measured on ${words[kind]}, and no output is one` };
  if (more.length > 0)
    return {
      error: `is measured on ${words[kind]}: say which under evaluation.output: ${fitting.join(', ')}`,
    };
  return { value: only };
};

/** The labels of a label or cut-off; none: the output is another one. */
export const labelsOf = (outputs: Manifest['outputs'], name: string | undefined): readonly string[] => {
  const output = name === undefined ? undefined : outputs[name];
  return output !== undefined && 'labels' in output ? output.labels : [];
};

/** The labels of every output that tells two classes apart, where they are the same; else none. */
export const classesOf = ({ outputs }: Declared): readonly string[] => {
  const pairs = Object.keys(outputs)
    .map((name) => labelsOf(outputs, name))
    .filter(({ length }) => length === 2);
  const isSame = new Set(pairs.map((labels) => labels.join('\n'))).size === 1;
  return isSame ? (pairs[0] ?? []) : [];
};

/** The class that f1, log_loss and roc_auc are about: as declared, else the second of two labels. */
export const positiveOf = (declared: Declared): string | undefined =>
  declared.evaluation?.positive ?? classesOf(declared)[1];

/** What of an evaluation does not fit the outputs. */
export const evaluationFaults = (manifest: Declared): string[] => {
  const { outputs, evaluation } = manifest;
  if (evaluation === undefined) return [];
  const { output, dataset, metrics } = evaluation;
  if (output !== undefined && outputs[output] === undefined)
    return [`evaluation.output: there is no output ${output}`];
  if (!isMeasured(dataset)) return [];
  return Object.keys(metrics)
    .filter(isMetricName)
    .flatMap((name) => {
      const found = measuredOutput(name, manifest);
      return 'error' in found ? [`evaluation.metrics.${name}: ${found.error}`] : [];
    });
};
