import { messageOf } from '@sluice/kernel/errors/message-of';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { InferTimings } from '@sluice/kernel/oip/statistics';
import type { Tensor } from '@sluice/kernel/tensor/tensor';
import { concatTensors, splitTensor } from './batch-tensors.ts';
import type { Job } from './job.ts';

/** Computes all outputs from all inputs. */
export type RunGraph = (inputs: readonly Tensor[]) => Promise<Tensor[]>;

/** What happened to a batch, in milliseconds of one clock. */
export interface BatchReport {
  readonly jobs: readonly Job[];
  readonly startedAt: number;
  readonly computeStartedAt: number;
  readonly computeEndedAt: number;
  readonly endedAt: number;
  readonly error: SluiceError | undefined;
}

export interface RunBatchOptions {
  readonly run: RunGraph;
  readonly now: () => number;
  /** Told before the members are answered. */
  readonly report: (report: BatchReport) => void;
}

const gather = (jobs: readonly Job[]): readonly Tensor[] => {
  const [first] = jobs;
  if (first === undefined || jobs.length === 1) return first?.inputs ?? [];
  return first.inputs.map((_, index) =>
    concatTensors(jobs.map((job) => job.inputs[index]).filter((part) => part !== undefined)),
  );
};

/** Outputs of each member. */
const scatter = (outputs: readonly Tensor[], jobs: readonly Job[]): Tensor[][] => {
  if (jobs.length === 1) return [[...outputs]];
  const rows = jobs.map((job) => job.rows);
  const parts = outputs.map((output) => splitTensor(output, rows));
  return jobs.map((_, member) => parts.map((part) => part[member]).filter((tensor) => tensor !== undefined));
};

const us = (fromMs: number, toMs: number): number => Math.round((toMs - fromMs) * 1000);

const timingsOf = (job: Job, leads: boolean, report: Omit<BatchReport, 'error'>): InferTimings => ({
  queueUs: us(job.enqueuedAt, report.startedAt),
  computeInputUs: us(report.startedAt, report.computeStartedAt),
  computeInferUs: us(report.computeStartedAt, report.computeEndedAt),
  computeOutputUs: us(report.computeEndedAt, report.endedAt),
  batchSize: report.jobs.length,
  leadsBatch: leads,
});

/**
 * Computes a batch and settles its members. When a batch of several fails, each member is computed
 * alone, so that only the one at fault is told so.
 */
export const runBatch = async (jobs: readonly Job[], options: RunBatchOptions): Promise<void> => {
  const { run, now, report } = options;
  const startedAt = now();
  let computeStartedAt = startedAt;
  let computeEndedAt = startedAt;
  try {
    const inputs = gather(jobs);
    computeStartedAt = now();
    const outputs = await run(inputs);
    computeEndedAt = now();
    const answers = scatter(outputs, jobs);
    const done = { jobs, startedAt, computeStartedAt, computeEndedAt, endedAt: now() };
    report({ ...done, error: undefined });
    for (const [index, job] of jobs.entries()) {
      job.settle({ outputs: answers[index] ?? [], timings: timingsOf(job, index === 0, done) });
    }
  } catch (thrown) {
    if (jobs.length > 1) {
      for (const job of jobs) await runBatch([job], options);
      return;
    }
    const error = new SluiceError('COMPUTE_FAILED', `the graph failed: ${messageOf(thrown)}`, {
      cause: thrown,
    });
    report({ jobs, startedAt, computeStartedAt, computeEndedAt: now(), endedAt: now(), error });
    for (const job of jobs) job.settle({ error });
  }
};
