import type { AssignedPartition, EventLog } from '@sluice/kernel/event-log/event-log';
import { consumeAgain } from '@sluice/kernel/event-log/testing/consume-again';
import { newName } from '@sluice/kernel/event-log/testing/messages';
import { predictionsTopic } from '@sluice/kernel/records/topics';
import { waitFor } from '../../support/wait-for.ts';
import { letters, sinks, source } from './plant.ts';
import { Tally } from './tally.ts';

const topics = [source, ...Object.values(sinks), letters, predictionsTopic];
const maxBatchBytes = 1024 * 1024;

/** A plain consumer of committed messages, which reads each message of all topics once. */
export interface TopicReader extends AsyncDisposable {
  readonly tally: Tally;
  /** Resolves when all is read that was there. */
  toEnd(timeoutMs: number): Promise<void>;
}

export const readTopics = async (log: EventLog): Promise<TopicReader> => {
  const tally = new Tally();
  const next = new Map<string, bigint>();
  /** Its group commits nothing: whenever it is assigned a partition anew, it begins anew, too. */
  const work = async (partition: AssignedPartition): Promise<void> => {
    const place = `${partition.topic}/${partition.partition}`;
    for await (const batch of partition.batches())
      for (const message of batch) {
        if (message.offset < (next.get(place) ?? 0n)) continue;
        next.set(place, message.offset + 1n);
        tally.take(message);
      }
  };
  const group = newName('reader');
  const consumer = await consumeAgain(log, { group, topics, from: 'earliest', maxBatchBytes, work });
  const isAtEnd = async (): Promise<boolean> => {
    const ranges = await log.admin.ranges(source);
    return ranges.every(({ partition, next: end }) => (next.get(`${source}/${partition}`) ?? 0n) >= end);
  };
  return {
    tally,
    toEnd: async (timeoutMs) => {
      await waitFor('the end of the events', () => isAtEnd().catch(() => false), timeoutMs);
    },
    [Symbol.asyncDispose]: () => consumer[Symbol.asyncDispose](),
  };
};
