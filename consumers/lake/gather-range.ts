import type { Position, Received } from '@sluice/kernel/event-log/event-log';
import type { BatchReader } from './batch-reader.ts';
import type { OffsetRange } from './file-name.ts';

/** Where files end, whichever comes first. */
export interface FileLimits {
  /** A file ends before each offset that is a multiple of it. */
  readonly messages: number;
  /** Bytes of the messages' values. */
  readonly bytes: number;
  /** How long the first message of a file waits for others. */
  readonly ageMs: number;
}

export interface GatherOptions {
  readonly reader: BatchReader;
  readonly limits: FileLimits;
  /** Where an earlier file that began at this place ended. */
  readonly endOf: (start: Position) => bigint | undefined;
  /** Each message of the range is given to it, in batches. */
  readonly take: (messages: readonly Received[]) => Promise<void>;
}

const before = (limit: number, offset: bigint): bigint => (offset / BigInt(limit) + 1n) * BigInt(limit) - 1n;

const sizeOf = ({ value }: Received): number => value?.byteLength ?? 0;

/** How many messages of a batch belong to a range that ends at an offset or with so many bytes more. */
export const belonging = (batch: readonly Received[], until: bigint, bytesLeft: number): number => {
  let bytes = 0;
  const end = batch.findIndex((message) => {
    if (message.offset > until || bytes >= bytesLeft) return true;
    bytes += sizeOf(message);
    return false;
  });
  return end === -1 ? batch.length : end;
};

/**
 * Gathers the messages of the next files. The same messages make the same ranges again: those end where an earlier file
 * from the same place did, and else where offset and bytes say; only by age a range ends where it happens to.
 * undefined: the partition was taken away, and nothing of it is to be kept.
 */
export const gatherRange = async ({
  reader,
  limits,
  endOf,
  take,
}: GatherOptions): Promise<OffsetRange | undefined> => {
  const waited = await reader.next();
  const start = Array.isArray(waited) ? (waited[0] as Received | undefined) : undefined;
  if (start === undefined || waited === undefined || waited === 'late') return undefined;
  const until = endOf(start) ?? before(limits.messages, start.offset);
  const endsAt = performance.now() + limits.ageMs;
  let batch: readonly Received[] | 'late' | undefined = waited;
  let last = start.offset;
  let bytes = 0;
  while (batch !== 'late') {
    if (batch === undefined) return undefined;
    const count = belonging(batch, until, limits.bytes - bytes);
    const taken = batch.slice(0, count);
    await take(taken);
    bytes += taken.reduce((sum, message) => sum + sizeOf(message), 0);
    last = taken.at(-1)?.offset ?? last;
    if (count < batch.length) reader.putBack(batch.slice(count));
    if (count < batch.length || last >= until || bytes >= limits.bytes) break;
    batch = await reader.next(Math.max(0, endsAt - performance.now()));
  }
  const { topic, partition, offset: first } = start;
  return { topic, partition, first, last };
};
