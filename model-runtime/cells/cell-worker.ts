import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { Job } from '../core/job.ts';
import type { QueueLimits } from '../core/job-queue.ts';
import type { ReleaseWorker } from '../core/release-worker.ts';
import type { CellLink } from './cell-link.ts';

export interface CellWorkerOptions {
  /** For what waits for cells of this release; each cell has a queue of its own besides. */
  readonly limits: QueueLimits;
  /** Largest message that a cell receives. */
  readonly maxMessageBytes: number;
  /** The ways to cells that take something now. */
  readonly links: () => readonly CellLink[];
  /** Why there are none. */
  readonly unavailable: () => SluiceError;
}

/** Keys, names and numbers of one entry beside its data. */
const overheadBytes = 2048;
const retryAfterMs = 50;

const leastBusy = (links: readonly CellLink[]): CellLink | undefined =>
  links.reduce<CellLink | undefined>(
    (best, link) => (best === undefined || link.inFlight < best.inFlight ? link : best),
    undefined,
  );

/**
 * Passes jobs on to the least busy cell of a release: those of the plain door, and of a gateway that has
 * not yet heard that the release moved.
 */
export const createCellWorker = (options: CellWorkerOptions): ReleaseWorker => {
  const { limits, maxMessageBytes, links, unavailable } = options;
  const underWay = new Map<Job, () => void>();
  let bytes = 0;
  let idle = Promise.withResolvers<void>();
  idle.resolve();
  const forget = (job: Job): void => {
    if (!underWay.delete(job)) return;
    bytes -= job.bytes;
    if (underWay.size === 0) idle.resolve();
  };
  const refuse = (job: Job): SluiceError | undefined => {
    const most = maxMessageBytes - overheadBytes;
    if (job.bytes > most)
      return new SluiceError(
        'MESSAGE_TOO_LARGE',
        `the tensors of the request take ${job.bytes} bytes, the limit is ${most}`,
      );
    if (underWay.size < limits.maxEntries && (underWay.size === 0 || bytes + job.bytes <= limits.maxBytes))
      return undefined;
    return new SluiceError('QUEUE_FULL', `${underWay.size} requests wait for the cells of the release`, {
      retryAfterMs,
    });
  };
  return {
    submit(job) {
      const link = leastBusy(links());
      const refused = link === undefined ? unavailable() : refuse(job);
      if (link === undefined || refused !== undefined) return refused;
      if (underWay.size === 0) idle = Promise.withResolvers<void>();
      bytes += job.bytes;
      underWay.set(job, () => undefined);
      const cancel = link.submit({
        ...job,
        settle: (outcome) => {
          forget(job);
          job.settle(outcome);
        },
      });
      underWay.set(job, cancel);
      return undefined;
    },
    cancel(job) {
      underWay.get(job)?.();
      forget(job);
    },
    // What waits does so in the cells, which count it themselves.
    queued: 0,
    get isIdle() {
      return underWay.size === 0;
    },
    queuedBytes: 0,
    batchMs: undefined,
    idle: () => idle.promise,
  };
};
