import type { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { InferTimings } from '@sluice/kernel/oip/statistics';
import type { TraceText } from '@sluice/kernel/telemetry/trace-context';
import type { Tensor } from '@sluice/kernel/tensor/tensor';

/** One request in a release's queue. */
export interface Job {
  /** In the signature's order, checked. */
  readonly inputs: readonly Tensor[];
  /** Rows along the batch axis; 1 where there is none. */
  readonly rows: number;
  /** Jobs of one batch have the same: all shapes without the batch axis. */
  readonly shapeKey: string;
  readonly bytes: number;
  /** Lower is more urgent. */
  readonly priority: number;
  /** Milliseconds of performance.now(). */
  readonly enqueuedAt: number;
  /** The same clock; Infinity: none. */
  readonly deadlineAt: number;
  readonly trace: TraceText;
  /** Called once. */
  readonly settle: (outcome: JobOutcome) => void;
}

export type JobOutcome =
  | { readonly outputs: readonly Tensor[]; readonly timings: InferTimings }
  | { readonly error: SluiceError };

/** Whether a job is served before another: by priority, then deadline, then arrival. */
export const isBefore = (job: Job, other: Job): boolean => {
  if (job.priority !== other.priority) return job.priority < other.priority;
  if (job.deadlineAt !== other.deadlineAt) return job.deadlineAt < other.deadlineAt;
  return job.enqueuedAt < other.enqueuedAt;
};
