import { messageOf } from '@sluice/kernel/errors/message-of';
import { meets, parseBound } from '@sluice/kernel/evaluation/bound';
import { type AnsweredRow, measure } from '@sluice/kernel/evaluation/measure';
import { isMetricName, type MetricName } from '@sluice/kernel/evaluation/metric-names';
import type { EvaluationRow } from '@sluice/kernel/evaluation/read-dataset';
import type { Manifest } from '@sluice/kernel/release/manifest';
import type { Release } from '@sluice/kernel/release/release';
import type { DoorClient } from '@sluice/kernel/rpc/door-client';
import type { EvaluationOutcome, MetricOutcome } from './report.ts';
import { boundsOf } from './request-bounds.ts';

/** Rows that are under way at once. */
const MAX_IN_FLIGHT = 32;

/** Answers of the rows that got one, in any order, and how many a rule refused. */
interface Answers {
  readonly answered: AnsweredRow[];
  readonly refused: Record<string, number>;
}

const askAll = async (
  door: DoorClient,
  { model, version }: Release,
  rows: readonly EvaluationRow[],
  signal: AbortSignal,
): Promise<Answers> => {
  const answers: Answers = { answered: [], refused: {} };
  const waiting = rows.values();
  const askInTurn = async (): Promise<void> => {
    for (const { line, features, label } of waiting) {
      const outcome = await door
        .predict(model, version, features, boundsOf(signal))
        .catch((error: unknown) => {
          throw new Error(`line ${line}: ${messageOf(error)}`, { cause: error });
        });
      if ('outputs' in outcome) answers.answered.push({ line, label, outputs: outcome.outputs });
      else answers.refused[outcome.refusal.code] = (answers.refused[outcome.refusal.code] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: MAX_IN_FLIGHT }, askInTurn));
  return answers;
};

const outcomeOf = (
  metric: MetricName,
  declared: number,
  measured: number | undefined,
  gate: string | undefined,
): MetricOutcome => {
  const bound = gate === undefined ? undefined : parseBound(gate);
  const passed = bound === undefined || ('value' in bound && meets(measured ?? declared, bound.value));
  return {
    metric,
    declared,
    ...(measured !== undefined && { measured }),
    ...(gate !== undefined && { gate }),
    passed,
  };
};

/** Each declared metric with its gate; measured, where there are answers. */
const metricsOf = (manifest: Manifest, answered?: readonly AnsweredRow[]): MetricOutcome[] => {
  const { metrics = {}, gate = {} } = manifest.evaluation ?? {};
  return Object.entries(metrics).flatMap(([name, declared]) => {
    if (!isMetricName(name)) return [];
    const measured = answered === undefined ? undefined : measure(name, answered, manifest);
    return [outcomeOf(name, declared, measured, gate[name])];
  });
};

/**
 * Measures the metrics of a release over its dataset, and holds them against the gate; what is declared, where
 * the dataset is not in the package. Undefined: the release declares no evaluation.
 */
export const runEvaluation = async (
  door: DoorClient,
  release: Release,
  rows: readonly EvaluationRow[],
  signal: AbortSignal,
): Promise<EvaluationOutcome | undefined> => {
  const { manifest } = release;
  if (manifest?.evaluation === undefined) return undefined;
  const { dataset } = manifest.evaluation;
  if (rows.length === 0)
    return { dataset, from: 'declared', rows: 0, refused: {}, metrics: metricsOf(manifest) };
  try {
    const { answered, refused } = await askAll(door, release, rows, signal);
    if (answered.length === 0) throw new Error('every row was refused');
    const metrics = metricsOf(manifest, answered);
    return { dataset, from: 'measured', rows: answered.length, refused, metrics };
  } catch (error) {
    signal.throwIfAborted();
    const reason = messageOf(error).replace(/\bline (?=\d)/, `${dataset}:`);
    return { dataset, from: 'measured', rows: 0, refused: {}, metrics: [], reason };
  }
};
