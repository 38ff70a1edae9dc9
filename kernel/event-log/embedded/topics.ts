import { SluiceError } from '../../errors/sluice-error.ts';
import type { NewTopic } from '../event-log.ts';
import { maxPartitions, maxTopics } from './limits.ts';
import type { Tables } from './tables.ts';
import { parseTopicConfig, type TopicConfig } from './topic-config.ts';

/** A topic never changes. */
export interface Topic {
  readonly name: string;
  /** Stands for the name in keys. */
  readonly id: number;
  readonly partitions: number;
  readonly config: TopicConfig;
}

export interface Topics {
  /** @throws SluiceError TOPIC_MISMATCH; INVALID_INPUT for what can be no topic; EVENT_LOG_UNAVAILABLE */
  create(topics: readonly NewTopic[]): void;
  all(): Topic[];
  /** @throws SluiceError INVALID_INPUT for a topic that is not there */
  find(name: string): Topic;
}

interface StoredTopic {
  readonly id: number;
  readonly partitions: number;
  readonly config: Readonly<Record<string, string>>;
}

/** As Kafka has it (org.apache.kafka.common.internals.Topic). */
const validName = /^(?!\.{1,2}$)[a-zA-Z0-9._-]{1,249}$/;

const refuse = (message: string): never => {
  throw new SluiceError('INVALID_INPUT', message);
};

const check = ({ topic, partitions, config = {} }: NewTopic): void => {
  if (!validName.test(topic))
    refuse(`topic '${topic}': expected 1 to 249 letters, digits, dots, underscores and hyphens`);
  if (!Number.isInteger(partitions) || partitions < 1 || partitions > maxPartitions)
    refuse(`topic ${topic}: expected 1 to ${maxPartitions} partitions, got ${partitions}`);
  parseTopicConfig(config);
};

/** The topics of a log; those that were seen once are not read again. */
export const openTopics = (tables: Tables): Topics => {
  const known = new Map<string, Topic>();
  const decode = (name: string, bytes: Buffer): Topic => {
    const { id, partitions, config } = JSON.parse(bytes.toString()) as StoredTopic;
    return { name, id, partitions, config: parseTopicConfig(config) };
  };
  const look = (name: string): Topic | undefined => {
    const found = tables.topics.get(Buffer.from(name));
    return found && decode(name, found);
  };
  const add = ({ topic, partitions, config = {} }: NewTopic): void => {
    const there = look(topic);
    if (there !== undefined && there.partitions !== partitions)
      throw new SluiceError(
        'TOPIC_MISMATCH',
        `topic ${topic} has ${there.partitions} partitions, and ${partitions} are expected`,
      );
    if (there !== undefined) return;
    const id = tables.topics.getCount();
    if (id >= maxTopics) refuse(`topic ${topic}: there are ${maxTopics} topics already, as many as may be`);
    const stored: StoredTopic = { id, partitions, config };
    tables.topics.putSync(Buffer.from(topic), Buffer.from(JSON.stringify(stored)));
  };
  return {
    create: (topics) => {
      topics.forEach(check);
      tables.write(() => topics.forEach(add));
    },
    all: () =>
      tables.read(() =>
        [...tables.topics.getRange()].map(({ key, value }) => decode(Buffer.from(key).toString(), value)),
      ),
    find: (name) => {
      const topic = known.get(name) ?? tables.read(() => look(name));
      if (topic === undefined) return refuse(`the event log has no topic ${name}`);
      known.set(name, topic);
      return topic;
    },
  };
};
