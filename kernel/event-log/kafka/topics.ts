import kafkajs, { type Admin } from 'kafkajs';
import { SluiceError } from '../../errors/sluice-error.ts';
import { kafkaError, typeOf } from './kafka-error.ts';

/** What is known of a topic. */
export interface Topic {
  readonly name: string;
  readonly partitions: number;
  /** Of messages that are written in one step to one partition. */
  readonly maxBatchBytes: number;
}

export interface Topics {
  /**
   * A topic; what was found once is not asked again.
   * @throws SluiceError INVALID_INPUT for a topic that is not there; PERMISSION_DENIED; EVENT_LOG_UNAVAILABLE
   */
  find(name: string): Promise<Topic>;
  /** Asks anew, of several at once; one that is not there is not in the answer. */
  look(names: readonly string[]): Promise<Map<string, number>>;
  /** What was known of these may be wrong. */
  forget(names: readonly string[]): void;
}

/** Runs something on a connection that is there, or was opened for it. */
export type WithAdmin = <T>(what: string, work: (admin: Admin) => Promise<T>) => Promise<T>;

/** Kafka's own default of max.message.bytes. */
const usualMaxBytes = 1_048_588;

const countOf = async (admin: Admin, name: string): Promise<number | undefined> => {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [name] });
    return topics.find((topic) => topic.name === name)?.partitions.length;
  } catch (error) {
    if (typeOf(error) === 'UNKNOWN_TOPIC_OR_PARTITION') return undefined;
    throw kafkaError(error, `topic ${name}`);
  }
};

/** Who may not see the configuration of a topic may still write to it. */
const maxBytesOf = async (admin: Admin, name: string): Promise<number> => {
  try {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name, configNames: ['max.message.bytes'] }],
    });
    return Number(resources[0]?.configEntries[0]?.configValue ?? usualMaxBytes);
  } catch (error) {
    if (kafkaError(error, name).code !== 'EVENT_LOG_UNAVAILABLE') return usualMaxBytes;
    throw error;
  }
};

export const openTopics = (withAdmin: WithAdmin): Topics => {
  const known = new Map<string, Topic>();
  const learn = (name: string): Promise<Topic> =>
    withAdmin(`topic ${name}`, async (admin) => {
      const partitions = await countOf(admin, name);
      if (partitions === undefined)
        throw new SluiceError('INVALID_INPUT', `the event log has no topic ${name}`);
      return { name, partitions, maxBatchBytes: await maxBytesOf(admin, name) };
    });
  return {
    find: async (name) => {
      const topic = known.get(name) ?? (await learn(name));
      known.set(name, topic);
      return topic;
    },
    look: (names) =>
      withAdmin(`topics ${names.join(', ')}`, async (admin) => {
        const counts = await Promise.all(
          names.map(async (name) => [name, await countOf(admin, name)] as const),
        );
        return new Map(counts.flatMap(([name, count]) => (count === undefined ? [] : [[name, count]])));
      }),
    forget: (names) => {
      for (const name of names) known.delete(name);
    },
  };
};
