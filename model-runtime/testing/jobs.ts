import type { Tensor } from '@sluice/kernel/tensor/tensor';
import type { Job, JobOutcome } from '../core/job.ts';
import { makeJob } from '../core/make-job.ts';

/** Makes jobs for tests and keeps what became of them. */

export interface TestJob {
  readonly job: Job;
  /** In the order of settling; one, if all is well. */
  readonly outcomes: JobOutcome[];
}

export interface TestJobOptions {
  readonly inputs?: readonly Tensor[];
  readonly priority?: number;
  readonly enqueuedAt?: number;
  readonly deadlineAt?: number;
  readonly maxBatchSize?: number;
}

/** One FP32 input `x` of as many rows as there are numbers. */
export const rowsOf = (...values: readonly number[]): Tensor => ({
  name: 'x',
  datatype: 'FP32',
  shape: [values.length, 1],
  data: new Uint8Array(Float32Array.from(values).buffer),
});

export const numbersIn = ({ data }: Tensor): number[] => [
  ...new Float32Array(data.slice().buffer as ArrayBuffer),
];

export const testJob = ({
  inputs = [rowsOf(1)],
  priority = 0,
  enqueuedAt = 0,
  deadlineAt = Number.POSITIVE_INFINITY,
  maxBatchSize = 64,
}: TestJobOptions = {}): TestJob => {
  const outcomes: JobOutcome[] = [];
  const release = {
    model: 'm',
    version: '1',
    digest: '',
    manifest: undefined,
    signature: { inputs: [], outputs: [], maxBatchSize },
    batching: { maxSize: 64, preferredSizes: [], maxDelayMs: 0 },
  };
  const job = makeJob(release, {
    inputs,
    priority,
    enqueuedAt,
    deadlineAt,
    trace: { traceparent: '', tracestate: '' },
    settle: (outcome) => outcomes.push(outcome),
  });
  return { job, outcomes };
};

/** What a job was answered: the numbers of its first output, or the code of its error. */
export const answerOf = ({ outcomes }: TestJob): number[] | string | undefined => {
  const [outcome] = outcomes;
  if (outcome === undefined) return undefined;
  if ('error' in outcome) return outcome.error.code;
  const [first] = outcome.outputs;
  return first === undefined ? [] : numbersIn(first);
};
