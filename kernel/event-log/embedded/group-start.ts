import type { ConsumeOptions, StartAt } from '../event-log.ts';
import { offsetBetween } from '../offset-between.ts';
import { findTime } from './find-time.ts';
import { committedOffset, storeOffset } from './offsets.ts';
import { readState } from './partition-state.ts';
import type { Parts } from './parts.ts';
import { firstOffset } from './read-batch.ts';
import type { Tables } from './tables.ts';
import type { Topic } from './topics.ts';

/** A lease of a topic. */
interface Leased {
  readonly topic: Topic;
  readonly epoch: number;
}

const placeOf = (
  tables: Tables,
  topic: number,
  partition: number,
  from: Exclude<StartAt, 'earliest'>,
): bigint => {
  const { next } = readState(tables, topic, partition);
  if (from === 'latest') return next;
  if ('timeMs' in from) return findTime(tables, topic, partition, from.timeMs);
  return offsetBetween(from.offset, firstOffset(tables, topic, partition), next);
};

/** Where a group that has committed nothing begins, which it commits while it has the lease. */
const begin = (
  { tables, leases }: Parts,
  { group, from }: ConsumeOptions,
  { topic, epoch }: Leased,
  partition: number,
): bigint =>
  from === 'earliest'
    ? 0n
    : tables.write(() => {
        const offset = placeOf(tables, topic.id, partition, from);
        if (leases.isNewest(group, topic.name, epoch))
          storeOffset(tables, group, { topic: topic.name, partition, offset });
        return offset;
      });

/** Where a consumer reads a partition from. */
export const findStart = (parts: Parts, options: ConsumeOptions, held: Leased, partition: number): bigint => {
  const { tables } = parts;
  const committed = tables.read(() => committedOffset(tables, options.group, held.topic.name, partition));
  return committed ?? begin(parts, options, held, partition);
};
