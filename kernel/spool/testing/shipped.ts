import type { EventLog, Received } from '../../event-log/event-log.ts';
import { openEventLog } from '../../event-log/open-event-log.ts';
import { collect } from '../../event-log/testing/collect.ts';
import { eventually } from '../../event-log/testing/eventually.ts';
import { predictionsTopic, recordTopics, sequenceHeader, spoolHeader } from '../../records/topics.ts';
import type { Watermark } from '../../records/watermark.ts';

/** As long as a busy machine may take. */
export const patienceMs = 15_000;

export const headerOf = ({ headers }: Received, name: string): string | undefined =>
  headers.find(([each]) => each === name)?.[1].toString();

/** Waits until that many messages were shipped to the topic of predictions; all that came. */
export const shippedTo = async (url: string, count: number): Promise<readonly Received[]> => {
  await using log: EventLog = await openEventLog({ url });
  await log.admin.create(recordTopics);
  await using collector = await collect(log, { topics: [predictionsTopic] });
  await eventually(`${count} messages`, () => collector.received.length >= count, patienceMs);
  return [...collector.received];
};

/** The watermarks of a spool of which all of these messages are stored. */
export const watermarksOf = (spool: string, messages: readonly Received[]): Watermark[] => {
  const highest = new Map<number, number>();
  for (const message of messages)
    if (headerOf(message, spoolHeader) === spool) {
      const sequence = Number(headerOf(message, sequenceHeader));
      highest.set(message.partition, Math.max(highest.get(message.partition) ?? 0, sequence));
    }
  return [...highest].map(([partition, sequence]) => ({ topic: predictionsTopic, partition, sequence }));
};
