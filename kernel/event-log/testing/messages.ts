import { randomUUID } from 'node:crypto';
import type { EventLog, Message, NewTopic, TopicMessages } from '../event-log.ts';
import { eventually } from './eventually.ts';

const patienceMs = 60_000;

/** A name that no other test has. */
export const newName = (what: string): string => `${what}-${randomUUID()}`;

/** A broker of Kafka has made a topic a moment before it leads it; whoever asks sooner is told to come again. */
export const untilLed = ({ admin }: EventLog, topic: string): Promise<void> =>
  eventually(
    `${topic} to be led`,
    () =>
      admin.ranges(topic).then(
        () => true,
        (error) => {
          if (error.code !== 'EVENT_LOG_UNAVAILABLE') throw error;
          return false;
        },
      ),
    patienceMs,
  );

/** Makes a topic of a name of its own. */
export const newTopic = async (
  log: EventLog,
  partitions = 1,
  config: NonNullable<NewTopic['config']> = {},
): Promise<string> => {
  const topic = newName('topic');
  await log.admin.create([{ topic, partitions, config }]);
  await untilLed(log, topic);
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
