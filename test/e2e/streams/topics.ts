import type { EventLog, Header, Message, Received } from '@sluice/kernel/event-log/event-log';
import { collect } from '@sluice/kernel/event-log/testing/collect';
import { sendAll } from '@sluice/kernel/event-log/testing/messages';
import { waitFor } from '../../support/wait-for.ts';

export const longMs = 60_000;

/** A JSON event; `value` is written as it is when it is bytes. */
export const event = (key: string, value: object | Buffer | null, more: Partial<Message> = {}): Message => ({
  key: Buffer.from(key),
  value: value === null || Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value)),
  headers: [],
  ...more,
});

export const send = (log: EventLog, topic: string, messages: readonly Message[]): Promise<void> =>
  sendAll(log, { topic, messages });

/** A reader that stands still for seconds may get a partition anew, from where it began: what came twice is left out. */
export const distinct = (received: readonly Received[]): readonly Received[] => {
  const placeOf = ({ topic, partition, offset }: Received) => `${topic}/${partition}/${offset}`;
  return [...new Map(received.map((message) => [placeOf(message), message])).values()];
};

/** All that a topic holds now, in the order of each partition. */
export const contentOf = async (log: EventLog, topic: string): Promise<readonly Received[]> => {
  const ends = await log.admin.ranges(topic);
  await using collector = await collect(log, { topics: [topic] });
  const isRead = (partition: number, end: bigint): boolean =>
    collector.partitions.some((each) => each.partition === partition && each.next() >= end);
  await waitFor(
    `the end of ${topic}`,
    () => ends.every(({ partition, next }) => isRead(partition, next)),
    longMs,
  );
  return distinct(collector.received);
};

/** Waits until a topic holds so many messages at least; all that it holds. */
export const untilThere = async (
  log: EventLog,
  topic: string,
  count: number,
): Promise<readonly Received[]> => {
  await using collector = await collect(log, { topics: [topic] });
  await waitFor(`${count} messages in ${topic}`, () => distinct(collector.received).length >= count, longMs);
  return distinct(collector.received);
};

/** By name, as text; of several of one name the last. */
export const headersOf = ({ headers }: { readonly headers: readonly Header[] }): Record<string, string> =>
  Object.fromEntries(headers.map(([name, value]) => [name, value.toString()]));
