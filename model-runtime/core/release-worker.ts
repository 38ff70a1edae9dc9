import type { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { Job } from './job.ts';
import { createJobQueue, type QueueLimits } from './job-queue.ts';
import { type RunBatchOptions, runBatch } from './run-batch.ts';

export interface WorkerOptions extends RunBatchOptions {
  readonly limits: QueueLimits;
  /** Rows that are gathered into one batch; 1: the release has no batch axis. */
  readonly maxRows: number;
  /**
   * Lets the process read what has come meanwhile. A session computes on the calling thread: what
   * waited in the socket (requests, and cancels of those that wait) must be seen before a batch is taken.
   */
  readonly turn: () => Promise<void>;
}

export interface ReleaseWorker {
  /** Takes a job; the answer, if there is one, says why it was not taken. */
  submit(job: Job): SluiceError | undefined;
  /** Nobody waits for this job any more: it leaves the queue if it is still there. */
  cancel(job: Job): void;
  readonly queued: number;
  /** Resolves when nothing is queued or computed. */
  idle(): Promise<void>;
}

/** One release's queue and its work-conserving loop: the batch is what is queued when the session is free. */
export const createReleaseWorker = (options: WorkerOptions): ReleaseWorker => {
  const queue = createJobQueue(options.limits);
  let loop: Promise<void> | undefined;
  const work = async (): Promise<void> => {
    while (queue.size > 0) {
      await options.turn();
      const batch = queue.takeBatch(options.maxRows, options.now());
      if (batch.length > 0) await runBatch(batch, options);
    }
    loop = undefined;
  };
  return {
    submit(job) {
      const refused = queue.push(job);
      loop ??= work();
      return refused;
    },
    cancel(job) {
      queue.remove(job);
    },
    get queued() {
      return queue.size;
    },
    idle: async () => loop,
  };
};
