import { partitionKey } from './keys.ts';
import type { Tables } from './tables.ts';

/** What is known of a partition as a whole. */
export interface PartitionState {
  /** The offset of the next message. */
  readonly next: bigint;
  /** Of all its chunks. */
  readonly bytes: number;
  /** The latest time of all messages that ever were in it. */
  readonly latestMs: number;
}

const empty: PartitionState = { next: 0n, bytes: 0, latestMs: Number.NEGATIVE_INFINITY };

export const readState = ({ partitions }: Tables, topic: number, partition: number): PartitionState => {
  const found = partitions.get(partitionKey(topic, partition));
  if (found === undefined) return empty;
  return { next: found.readBigUInt64LE(0), bytes: found.readDoubleLE(8), latestMs: found.readDoubleLE(16) };
};

/** In a write only. */
export const writeState = (
  { partitions }: Tables,
  topic: number,
  partition: number,
  { next, bytes, latestMs }: PartitionState,
): void => {
  const value = Buffer.allocUnsafe(24);
  value.writeBigUInt64LE(next, 0);
  value.writeDoubleLE(bytes, 8);
  value.writeDoubleLE(latestMs, 16);
  partitions.putSync(partitionKey(topic, partition), value);
};
