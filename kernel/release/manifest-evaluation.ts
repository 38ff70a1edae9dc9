import { z } from 'zod';
import { meets, parseBound } from '../evaluation/bound.ts';
import { factsOfMetric, isMetricName, unknownMetric } from '../evaluation/metric-names.ts';

/** How good a release is, and how good it has to be: docs/releases.md, "Evaluation". */

const shape = z.strictObject({
  /** A .jsonl file of the package, which is measured; anything else only says where the metrics come from. */
  dataset: z.string().min(1).optional(),
  /** The output that is measured, where there are several of a kind. */
  output: z.string().min(1).optional(),
  /** The class that f1, log_loss and roc_auc are about. */
  positive: z.string().min(1).optional(),
  metrics: z.record(z.string(), z.number()).default({}),
  gate: z.record(z.string(), z.string()).default({}),
});
export type Evaluation = z.infer<typeof shape>;

/** What is wrong with one bound of the gate; undefined: nothing. */
const gateFault = (name: string, text: string, metrics: Evaluation['metrics']): string | undefined => {
  if (!isMetricName(name)) return unknownMetric(name);
  const bound = parseBound(text);
  if ('error' in bound) return bound.error;
  const { better } = factsOfMetric(name);
  if (better !== undefined && bound.value.operator.startsWith('<') !== (better === 'smaller'))
    return `${better} is better: expected ${better === 'smaller' ? '<= or <' : '>= or >'}, got '${text}'`;
  const declared = metrics[name];
  if (declared === undefined) return `there is no metric ${name}: say under metrics what it is`;
  return meets(declared, bound.value) ? undefined : `expected ${text}, metrics says ${declared}`;
};

export const evaluation = shape.superRefine(({ metrics, gate }, context) => {
  const fault = (path: string[], message: string): void =>
    context.addIssue({ code: 'custom', path, message });
  for (const name of Object.keys(metrics))
    if (!isMetricName(name)) fault(['metrics', name], unknownMetric(name));
  for (const [name, text] of Object.entries(gate)) {
    const message = gateFault(name, text, metrics);
    if (message !== undefined) fault(['gate', name], message);
  }
});
