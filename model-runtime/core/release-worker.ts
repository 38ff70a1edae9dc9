import type { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { BatchRule } from './batch-rule.ts';
import { createComputeTimes } from './compute-times.ts';
import type { Job } from './job.ts';
import { createJobQueue, type QueueLimits } from './job-queue.ts';
import { queueFull, tooLate } from './refusals.ts';
import { type BatchReport, type RunGraph, runBatch } from './run-batch.ts';
import type { ScheduledFlow, Scheduler } from './scheduler.ts';
import { newShare } from './surplus-round-robin.ts';

export interface WorkerOptions {
  readonly scheduler: Scheduler;
  readonly limits: QueueLimits;
  readonly rule: BatchRule;
  /** False: the first axis of the outputs is not held against the batch's. */
  readonly hasBatchAxis: boolean;
  readonly run: RunGraph;
  /** Told before the members are answered. */
  readonly report: (report: BatchReport) => void;
}

export interface ReleaseWorker {
  /** Takes a job; the answer, if there is one, says why it was not taken. */
  submit(job: Job): SluiceError | undefined;
  /** Nobody waits for this job any more: it leaves the queue if it is still there. */
  cancel(job: Job): void;
  readonly queued: number;
  /** Whether nothing is queued or computed. */
  readonly isIdle: boolean;
  /** Bytes of the inputs that are queued. */
  readonly queuedBytes: number;
  /** Median time of the recent batches that did not fail, gathering and splitting included; undefined: there was none. */
  readonly batchMs: number | undefined;
  /** Resolves when nothing is queued or computed; what is queued does not wait for others any more. */
  idle(): Promise<void>;
}

/** One release's queue, served by the scheduler of the process in turn with the others. */
export const createReleaseWorker = (options: WorkerOptions): ReleaseWorker => {
  const { scheduler, limits, rule } = options;
  const { now } = scheduler.clock;
  const queue = createJobQueue(limits, rule);
  const times = createComputeTimes();
  let isComputing = false;
  let waiting: (() => void)[] = [];
  const runOptions = {
    ...options,
    arena: scheduler.arena,
    fault: scheduler.fault,
    now,
    report: (report: BatchReport) => {
      if (report.error === undefined) times.record(report.endedAt - report.startedAt, report.endedAt);
      options.report(report);
    },
  };
  const dropLate = (): void => {
    const at = now();
    const leastMs = times.leastMs(at);
    for (const job of queue.takeLate(at + leastMs)) {
      try {
        job.settle({ error: tooLate(job, at, leastMs) });
      } catch (thrown) {
        scheduler.fault(thrown);
      }
    }
  };
  /** Undefined: nothing is to wait for others; so it is, too, when somebody waits for the end of all. */
  const longestMs = (): number | undefined => (waiting.length > 0 ? undefined : times.longestMs);
  const isIdle = (): boolean => queue.size === 0 && !isComputing;
  const tellIdle = (): void => {
    if (!isIdle()) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  };
  const flow: ScheduledFlow = {
    share: newShare(),
    dueAt: () => queue.dueAt(longestMs()),
    async serve() {
      dropLate();
      const batch = queue.takeBatch(now(), longestMs());
      isComputing = batch.length > 0;
      try {
        if (isComputing) await runBatch(batch, runOptions);
      } finally {
        isComputing = false;
        tellIdle();
      }
    },
  };
  return {
    submit(job) {
      if (!queue.push(job)) {
        dropLate();
        if (!queue.push(job)) return queueFull(queue, limits, rule.maxRows, times.medianMs);
      }
      scheduler.wake(flow);
      return undefined;
    },
    cancel(job) {
      if (queue.remove(job)) tellIdle();
    },
    get queued() {
      return queue.size;
    },
    get isIdle() {
      return isIdle();
    },
    get queuedBytes() {
      return queue.bytes;
    },
    get batchMs() {
      return times.medianMs;
    },
    async idle() {
      if (isIdle()) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push(resolve);
      scheduler.wake(flow);
      await promise;
    },
  };
};
