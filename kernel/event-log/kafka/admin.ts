import type { Admin } from 'kafkajs';
import { SluiceError } from '../../errors/sluice-error.ts';
import type { EventLogAdmin, NewTopic } from '../event-log.ts';
import { kafkaError, typeOf } from './kafka-error.ts';
import type { Parts } from './parts.ts';
import type { WithAdmin } from './topics.ts';

/** Of the broker, to make a topic on all of its nodes. */
const createTimeoutMs = 10_000;
/** The broker's own default (KIP-464). */
const brokersChoice = -1;

const checkCounts = (wanted: readonly NewTopic[], there: ReadonlyMap<string, number>): void => {
  for (const { topic, partitions } of wanted) {
    const count = there.get(topic) ?? partitions;
    if (count !== partitions)
      throw new SluiceError(
        'TOPIC_MISMATCH',
        `topic ${topic} has ${count} partitions, and ${partitions} are expected`,
      );
  }
};

const makeTopic = async (admin: Admin, { topic, partitions, config = {} }: NewTopic, copies: number) => {
  try {
    await admin.createTopics({
      timeout: createTimeoutMs,
      topics: [
        {
          topic,
          numPartitions: partitions,
          replicationFactor: copies,
          configEntries: Object.entries(config).map(([name, value]) => ({ name, value })),
        },
      ],
    });
  } catch (error) {
    if (typeOf(error) !== 'TOPIC_ALREADY_EXISTS') throw kafkaError(error, `topic ${topic}`);
  }
};

/** Somebody else may make them meanwhile: what is there in the end counts. */
const create = async ({ topics, withAdmin, settings }: Parts, wanted: readonly NewTopic[]): Promise<void> => {
  const names = wanted.map(({ topic }) => topic);
  const there = await topics.look(names);
  checkCounts(wanted, there);
  const missing = wanted.filter(({ topic }) => !there.has(topic));
  if (missing.length === 0) return;
  const copies = settings.kafka?.replicationFactor ?? brokersChoice;
  await withAdmin(`topics ${names.join(', ')}`, async (admin) => {
    for (const topic of missing) await makeTopic(admin, topic, copies);
  });
  checkCounts(wanted, await topics.look(names));
};

const byPartition = <T extends { readonly partition: number }>(positions: readonly T[]): T[] =>
  [...positions].sort((one, other) => one.partition - other.partition);

const isInternal = (topic: string): boolean => topic.startsWith('__');

const listTopics = (withAdmin: WithAdmin): Promise<string[]> =>
  withAdmin('the list of topics', async (admin) =>
    (await admin.listTopics()).filter((topic) => !isInternal(topic)),
  );

export const openAdmin = (parts: Parts): EventLogAdmin => {
  const { topics, withAdmin } = parts;
  /** Asks about a topic that is there. */
  const ask = async <T>(topic: string, work: (admin: Admin) => Promise<T>): Promise<T> => {
    await topics.find(topic);
    return withAdmin(`topic ${topic}`, work);
  };
  return {
    id: () => withAdmin('the id of the cluster', async (admin) => (await admin.describeCluster()).clusterId),
    create: (wanted) => create(parts, wanted),
    topics: () => listTopics(withAdmin),
    ranges: (topic) =>
      ask(topic, async (admin) =>
        byPartition(await admin.fetchTopicOffsets(topic)).map(({ partition, low, high }) => ({
          partition,
          first: BigInt(low),
          next: BigInt(high),
        })),
      ),
    offsetsAt: (topic, timeMs) =>
      ask(topic, async (admin) =>
        // Times below 0 have other meanings in Kafka.
        byPartition(await admin.fetchTopicOffsetsByTimestamp(topic, Math.max(0, Math.floor(timeMs)))).map(
          ({ partition, offset }) => ({ topic, partition, offset: BigInt(offset) }),
        ),
      ),
    committed: (group, topic) =>
      ask(topic, async (admin) => {
        const found = await admin.fetchOffsets({ groupId: group, topics: [topic] });
        const positions = found.flatMap(({ partitions }) =>
          partitions.map(({ partition, offset }) => ({ topic, partition, offset: BigInt(offset) })),
        );
        return byPartition(positions.filter(({ offset }) => offset >= 0n));
      }),
  };
};
