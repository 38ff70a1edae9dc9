import { setTimeout as pause } from 'node:timers/promises';
import type { AssignedPartition, Received } from '@sluice/kernel/event-log/event-log';

/** Messages of a partition, of which a part of a batch can be left for later. */
export interface BatchReader {
  /** What comes next; undefined: the partition was taken away; 'late': nothing came in that time. */
  next(timeoutMs?: number): Promise<readonly Received[] | 'late' | undefined>;
  /** Comes next. */
  putBack(messages: readonly Received[]): void;
}

export const openBatchReader = (partition: AssignedPartition): BatchReader => {
  const batches = partition.batches()[Symbol.asyncIterator]();
  let left: readonly Received[] = [];
  let asked: Promise<IteratorResult<readonly Received[]>> | undefined;
  const inTime = async <T>(coming: Promise<T>, timeoutMs: number): Promise<T | 'late'> => {
    const stop = new AbortController();
    const late = pause(timeoutMs, 'late' as const, { signal: stop.signal });
    return Promise.race([coming, late]).finally(() => stop.abort());
  };
  return {
    next: async (timeoutMs) => {
      if (left.length > 0) {
        const messages = left;
        left = [];
        return messages;
      }
      // A question that was given up is still open: its answer is that of the next one.
      asked ??= batches.next();
      const answer = timeoutMs === undefined ? await asked : await inTime(asked, timeoutMs);
      if (answer === 'late') return 'late';
      asked = undefined;
      return answer.done === true ? undefined : answer.value;
    },
    putBack: (messages) => {
      left = messages;
    },
  };
};
