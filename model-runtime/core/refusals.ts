import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { Job } from './job.ts';
import type { JobQueue, QueueLimits } from './job-queue.ts';

/** Bounds of the hint when a full queue is worth another try. */
const leastRetryMs = 10;
const longestRetryMs = 1_000;
/** Stands in until a batch was measured. */
const unmeasuredBatchMs = 1;

/** @param batchMs what a batch of that many rows takes; undefined: not measured yet. */
const msToDrain = ({ rows }: JobQueue, maxRows: number, batchMs: number = unmeasuredBatchMs): number =>
  Math.ceil(rows / maxRows) * batchMs;

export const queueFull = (
  queue: JobQueue,
  { maxEntries, maxBytes }: QueueLimits,
  maxRows: number,
  batchMs: number | undefined,
): SluiceError => {
  const message = `the queue of the release is full: ${queue.size} of ${maxEntries} requests, ${queue.bytes} of ${maxBytes} bytes`;
  const drainMs = Math.ceil(msToDrain(queue, maxRows, batchMs));
  return new SluiceError('QUEUE_FULL', message, {
    retryAfterMs: Math.min(longestRetryMs, Math.max(leastRetryMs, drainMs)),
  });
};

/** For a job that could not be answered in time any more. */
export const tooLate = ({ deadlineAt }: Job, now: number, computeMs: number): SluiceError => {
  if (deadlineAt <= now)
    return new SluiceError('DEADLINE_EXCEEDED', "the deadline passed in the runtime's queue");
  const [left, needed] = [deadlineAt - now, computeMs].map((ms) => ms.toPrecision(2));
  const message = `it was not computed: ${left} ms were left until the deadline, a batch takes ${needed} ms`;
  return new SluiceError('DEADLINE_EXCEEDED', message);
};
