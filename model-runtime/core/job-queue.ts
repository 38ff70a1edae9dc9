import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { Job } from './job.ts';

export interface QueueLimits {
  readonly maxEntries: number;
  readonly maxBytes: number;
}

/** The bounded queue of one release: first in, first out. */
export interface JobQueue {
  readonly size: number;
  /** Takes a job; the answer, if there is one, says why it was not taken. */
  push(job: Job): SluiceError | undefined;
  /** Takes a job out that nobody waits for any more; false: it is not queued. */
  remove(job: Job): boolean;
  /** Jobs that are computed together, at most `maxRows` rows; what is past its deadline is settled instead. */
  takeBatch(maxRows: number, now: number): Job[];
}

/** When a full queue is worth another try. */
const retryAfterMs = 50;

const expired = (): SluiceError =>
  new SluiceError('DEADLINE_EXCEEDED', "the deadline passed in the runtime's queue");

export const createJobQueue = ({ maxEntries, maxBytes }: QueueLimits): JobQueue => {
  let jobs: Job[] = [];
  let bytes = 0;
  const full = (job: Job): SluiceError | undefined => {
    if (jobs.length < maxEntries && (jobs.length === 0 || bytes + job.bytes <= maxBytes)) return undefined;
    const message = `the queue of the release is full: ${jobs.length} of ${maxEntries} requests, ${bytes} of ${maxBytes} bytes`;
    return new SluiceError('QUEUE_FULL', message, { retryAfterMs });
  };
  /** Splits off what is late; answers what is left. */
  const dropExpired = (now: number): void => {
    if (!jobs.some((job) => job.deadlineAt <= now)) return;
    const late = jobs.filter((job) => job.deadlineAt <= now);
    jobs = jobs.filter((job) => job.deadlineAt > now);
    for (const job of late) {
      bytes -= job.bytes;
      job.settle({ error: expired() });
    }
  };
  return {
    get size() {
      return jobs.length;
    },
    push(job) {
      const refused = full(job);
      if (refused !== undefined) return refused;
      jobs.push(job);
      bytes += job.bytes;
      return undefined;
    },
    remove(job) {
      const index = jobs.indexOf(job);
      if (index === -1) return false;
      jobs.splice(index, 1);
      bytes -= job.bytes;
      return true;
    },
    takeBatch(maxRows, now) {
      dropExpired(now);
      const batch = jobs.slice(0, batchLength(jobs, maxRows));
      jobs = jobs.slice(batch.length);
      for (const job of batch) bytes -= job.bytes;
      return batch;
    },
  };
};

/** How many jobs from the front agree in their shapes and fit; the first always does. */
const batchLength = (jobs: readonly Job[], maxRows: number): number => {
  const first = jobs[0];
  if (first === undefined) return 0;
  let rows = first.rows;
  let length = 1;
  for (const job of jobs.slice(1, maxRows)) {
    rows += job.rows;
    if (rows > maxRows || job.shapeKey !== first.shapeKey) break;
    length += 1;
  }
  return length;
};
