import { randomUUID } from 'node:crypto';
import type { EventLog, Message, NewTopic, TopicMessages } from '../event-log.ts';

/** A name that no other test has. */
export const newName = (what: string): string => `${what}-${randomUUID()}`;

/** Makes a topic of a name of its own. */
export const newTopic = async (
  log: EventLog,
  partitions = 1,
  config: NonNullable<NewTopic['config']> = {},
): Promise<string> => {
  const topic = newName('topic');
  await log.admin.create([{ topic, partitions, config }]);
  return topic;
};

export const message = (key: string, value: string, more: Partial<Message> = {}): Message => ({
  key: Buffer.from(key),
  value: Buffer.from(value),
  headers: [],
  ...more,
});

/** Messages `<key>-<number>` of one key. */
export const numbered = (key: string, from: number, to: number, more: Partial<Message> = {}): Message[] =>
  Array.from({ length: to - from }, (_, index) => message(key, `${key}-${from + index}`, more));

/** Sends with a producer of its own. */
export const sendAll = async (log: EventLog, ...batch: readonly TopicMessages[]): Promise<void> => {
  await using producer = await log.openProducer();
  await producer.send(batch);
};
