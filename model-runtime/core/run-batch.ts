import { messageOf } from '@sluice/kernel/errors/message-of';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { InferTimings } from '@sluice/kernel/oip/statistics';
import type { Tensor } from '@sluice/kernel/tensor/tensor';
import type { Arena } from './arena.ts';
import { checkRows, concatTensors, splitTensor } from './batch-tensors.ts';
import type { Job, JobOutcome } from './job.ts';
import { tooLate } from './refusals.ts';

/**
 * Computes all outputs from all inputs. The memory of the inputs is used again for the next batch:
 * it is not to be kept, nor to be part of the outputs.
 */
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
  /** False: the first axis of the outputs is not held against the batch's. */
  readonly hasBatchAxis: boolean;
  readonly arena: Arena;
  readonly now: () => number;
  /** Told before the members are answered. */
  readonly report: (report: BatchReport) => void;
  /** Told what `report` or a `settle` threw; all members are answered nevertheless. */
  readonly fault: (thrown: unknown) => void;
}

interface Computed {
  readonly report: BatchReport;
  /** Outputs of each member; empty when it failed. */
  readonly answers: readonly (readonly Tensor[])[];
}

const gather = (jobs: readonly Job[], arena: Arena): readonly Tensor[] => {
  arena.reset();
  const inputs = jobs[0]?.inputs ?? [];
  return inputs.map((_, index) =>
    concatTensors(
      jobs.map((job) => job.inputs[index]).filter((part) => part !== undefined),
      arena,
    ),
  );
};

/** Outputs of each member. */
const scatter = (outputs: readonly Tensor[], jobs: readonly Job[], hasBatchAxis: boolean): Tensor[][] => {
  const [first] = jobs;
  if (first !== undefined && jobs.length === 1) {
    if (hasBatchAxis) for (const output of outputs) checkRows(output, first.rows);
    return [[...outputs]];
  }
  const rows = jobs.map((job) => job.rows);
  const parts = outputs.map((output) => splitTensor(output, rows));
  return jobs.map((_, member) => parts.map((part) => part[member]).filter((tensor) => tensor !== undefined));
};

const compute = async (jobs: readonly Job[], options: RunBatchOptions): Promise<Computed> => {
  const { run, now, arena, hasBatchAxis } = options;
  const startedAt = now();
  let computeStartedAt = startedAt;
  let computeEndedAt: number | undefined;
  try {
    const inputs = gather(jobs, arena);
    computeStartedAt = now();
    const outputs = await run(inputs);
    computeEndedAt = now();
    const answers = scatter(outputs, jobs, hasBatchAxis);
    const times = { startedAt, computeStartedAt, computeEndedAt, endedAt: now() };
    return { answers, report: { jobs, ...times, error: undefined } };
  } catch (cause) {
    const endedAt = now();
    const error = new SluiceError('COMPUTE_FAILED', `the graph failed: ${messageOf(cause)}`, { cause });
    const times = { startedAt, computeStartedAt, computeEndedAt: computeEndedAt ?? endedAt, endedAt };
    return { answers: [], report: { jobs, ...times, error } };
  }
};

const us = (fromMs: number, toMs: number): number => Math.round((toMs - fromMs) * 1000);

const timingsOf = (job: Job, leads: boolean, report: BatchReport): InferTimings => ({
  queueUs: us(job.enqueuedAt, report.startedAt),
  computeInputUs: us(report.startedAt, report.computeStartedAt),
  computeInferUs: us(report.computeStartedAt, report.computeEndedAt),
  computeOutputUs: us(report.computeEndedAt, report.endedAt),
  batchSize: report.jobs.length,
  leadsBatch: leads,
});

const outcomeOf = (job: Job, index: number, { report, answers }: Computed): JobOutcome =>
  report.error === undefined
    ? { outputs: answers[index] ?? [], timings: timingsOf(job, index === 0, report) }
    : { error: report.error };

const settle = (job: Job, outcome: JobOutcome, { fault }: RunBatchOptions): void => {
  try {
    job.settle(outcome);
  } catch (thrown) {
    fault(thrown);
  }
};

const tell = (report: BatchReport, options: RunBatchOptions): void => {
  try {
    options.report(report);
  } catch (thrown) {
    options.fault(thrown);
  }
};

/** Each member alone, so that only the one at fault is told so; who is late by then is not computed. */
const runOneByOne = async (jobs: readonly Job[], options: RunBatchOptions): Promise<void> => {
  for (const job of jobs) {
    const now = options.now();
    if (job.deadlineAt > now) await runBatch([job], options);
    else settle(job, { error: tooLate(job, now, 0) }, options);
  }
};

/** Computes a batch and settles its members. When a batch of several fails, each member is computed alone. */
export const runBatch = async (jobs: readonly Job[], options: RunBatchOptions): Promise<void> => {
  const computed = await compute(jobs, options);
  if (computed.report.error !== undefined && jobs.length > 1) return runOneByOne(jobs, options);
  tell(computed.report, options);
  let index = 0;
  for (const job of jobs) {
    settle(job, outcomeOf(job, index, computed), options);
    index += 1;
  }
};
