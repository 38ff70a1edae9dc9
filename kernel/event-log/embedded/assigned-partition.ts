import { setImmediate as turn } from 'node:timers/promises';
import type { AssignedPartition, ConsumeOptions, Received } from '../event-log.ts';
import { findStart } from './group-start.ts';
import { storeOffset } from './offsets.ts';
import type { Parts } from './parts.ts';
import { offsetFrom, readBatch } from './read-batch.ts';
import type { Topic } from './topics.ts';

/** A topic that a consumer has for its group, until its signal is aborted. */
export interface HeldTopic {
  readonly topic: Topic;
  readonly epoch: number;
  readonly signal: AbortSignal;
  /** Somebody else has the lease. */
  lose(): void;
}

/** A partition, and how far it was read. */
interface Reading {
  readonly partition: number;
  next: bigint;
}

/** Reads in steps, between which everything else of the process has its turn. */
const batchesFrom = async function* (
  { tables, wake }: Parts,
  { topic, signal }: HeldTopic,
  reading: Reading,
  maxBytes: number,
): AsyncGenerator<readonly Received[]> {
  while (!signal.aborted) {
    const batch = tables.read(() => readBatch(tables, topic, reading.partition, reading.next, maxBytes));
    const last = batch.at(-1);
    if (last === undefined) {
      await wake.changed(signal);
      continue;
    }
    reading.next = last.offset + 1n;
    yield batch;
    await turn();
  }
};

export const assignPartition = (
  parts: Parts,
  options: ConsumeOptions,
  held: HeldTopic,
  partition: number,
): AssignedPartition => {
  const { tables, leases } = parts;
  const { topic, epoch, signal } = held;
  const { group, maxBatchBytes } = options;
  const start = findStart(parts, options, held, partition);
  const reading = { partition, next: start };
  const commit = (offset: bigint): boolean =>
    tables.write(() => {
      const newest = leases.isNewest(group, topic.name, epoch);
      if (newest) storeOffset(tables, group, { topic: topic.name, partition, offset });
      return newest;
    });
  return {
    topic: topic.name,
    partition,
    signal,
    start,
    batches: () => batchesFrom(parts, held, reading, maxBatchBytes),
    next: () => tables.read(() => offsetFrom(tables, topic.id, partition, reading.next)),
    commit: async (next) => {
      if (!signal.aborted && !commit(next)) held.lose();
    },
  };
};
