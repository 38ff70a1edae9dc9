import type { Output } from '@sluice/kernel/release/manifest-outputs';
import type { GraphSignature } from '@sluice/kernel/release/onnx-signature';
import type { TensorSpec } from '@sluice/kernel/tensor/tensor';
import { stringify } from 'yaml';
import { type GuessedFeature, guessFeatures } from './guess-features.ts';
import { guessOutputs } from './guess-outputs.ts';

export interface ManifestName {
  readonly model: string;
  readonly version: string;
}

/** One line of YAML. */
const inline = (value: unknown): string =>
  stringify(value, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: true }).trim();

/** A name with a line break would end the comment. */
const tensorLine = ({ name, datatype, shape }: TensorSpec): string =>
  `#   ${/\s/.test(name) ? JSON.stringify(name) : name}  ${datatype} [${shape.map((size) => (size === -1 ? 'N' : size)).join(', ')}]`;

const featureLines = (features: readonly GuessedFeature[]): string[] => [
  '# What callers say. Give each feature the name that they know it by, a unit and a description. A category may',
  '# list its values; a feature that may be missing loses `required: true` and may have a default.',
  features.length === 0 ? 'features: []' : 'features:',
  ...features.map((feature) => `  - ${inline(feature)}`),
];

const outputLines = (outputs: Readonly<Record<string, Output>>): string[] => {
  const named = Object.entries(outputs);
  if (named.length === 0)
    return ['# Every output answers under the name that the graph gives it.', 'outputs: {}'];
  const hasLabels = named.some(([, output]) => 'labels' in output);
  return [
    '# What they are told.',
    ...(hasLabels ? ['# Give the labels their names, in the order in which the model was trained.'] : []),
    'outputs:',
    ...named.map(([name, output]) => `  ${name}: ${inline(output)}`),
  ];
};

const rest = `# How good it is, and how good it has to be. Each line of evaluation.jsonl is {"features": {…}, "label": …};
# sluice release test measures over them. Metrics: mae, rmse, mape, r2; accuracy, f1, log_loss, roc_auc; coverage.
# evaluation: { dataset: evaluation.jsonl, metrics: { mae: 41.2 }, gate: { mae: "<= 45" } }
# provenance: { source: train.py, commit: "", dataset: "", trainedAt: "", by: "" }`;

/** A first sluice.yaml for a graph: valid as it is, with comments that say what to fill in. */
export const firstManifest = (
  { model, version }: ManifestName,
  { inputs, outputs }: GraphSignature,
): string => {
  const head = [
    '# Written by sluice release init; what every field means: docs/releases.md. The graph takes',
    ...inputs.map(tensorLine),
    '# and answers',
    ...outputs.map(tensorLine),
    'apiVersion: sluice/v1',
    inline({ model }).slice(2, -2),
    inline({ version }).slice(2, -2),
    '# description: one line that says what it tells, and in which unit',
  ];
  const sections = [head, featureLines(guessFeatures(inputs)), outputLines(guessOutputs(outputs)), [rest]];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
};
