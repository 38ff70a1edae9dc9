import { setTimeout as pause } from 'node:timers/promises';
import type { Admin } from 'kafkajs';
import { SluiceError } from '../../errors/sluice-error.ts';
import type { EventLogAdmin, NewTopic } from '../event-log.ts';
import { kafkaError, typeOf } from './kafka-error.ts';
import type { Parts } from './parts.ts';
import type { WithAdmin } from './topics.ts';

/** Of the broker, to make a topic on all of its nodes. */
const createTimeoutMs = 10_000;
/** Between two looks whether what was made is known. */
const lookMs = 50;
/** How often one asks again who was not told of all partitions. */
const maxAsked = 5;
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

/**
 * By somebody else; or by this call, and the broker that is asked for the leaders was not told of it yet, which kafkajs
 * takes for an error (retryOnLeaderNotAvailable).
 */
const isMade = new Set(['TOPIC_ALREADY_EXISTS', 'UNKNOWN_TOPIC_OR_PARTITION']);

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
    if (!isMade.has(typeOf(error) ?? '')) throw kafkaError(error, `topic ${topic}`);
  }
};

/** What is not there, and what somebody consumes for, is left as it is. */
const leftAsItIs = new Set(['GROUP_ID_NOT_FOUND', 'NON_EMPTY_GROUP']);

const forget = async (admin: Admin, group: string): Promise<void> => {
  try {
    await admin.deleteGroups([group]);
  } catch (error) {
    const { groups = [] } = error as { groups?: readonly { readonly error: unknown }[] };
    const fault = groups[0]?.error ?? error;
    if (!leftAsItIs.has(typeOf(fault) ?? '')) throw kafkaError(fault, `group ${group}`);
  }
};

/** Waits until the topics are known that were made. */
const untilKnown = async ({ look }: Parts['topics'], names: readonly string[]) => {
  const until = performance.now() + createTimeoutMs;
  for (;;) {
    const there = await look(names);
    const missing = names.filter((name) => !there.has(name));
    if (missing.length === 0) return there;
    if (performance.now() > until)
      throw new SluiceError('EVENT_LOG_UNAVAILABLE', `Kafka does not know of topic ${missing[0]} yet`);
    await pause(lookMs);
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
  checkCounts(wanted, await untilKnown(topics, names));
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
  /**
   * Asks about all partitions of a topic that is there. What kafkajs knows of topics may be replaced, meanwhile, by what
   * another call has asked for, and then it tells of no partition at all: as if nothing had ever been committed.
   */
  const ask = async <T>(topic: string, work: (admin: Admin) => Promise<T[]>): Promise<T[]> => {
    const { partitions } = await topics.find(topic);
    return withAdmin(`topic ${topic}`, async (admin) => {
      for (let attempts = 0; attempts < maxAsked; attempts += 1) {
        const found = await work(admin);
        if (found.length >= partitions) return found;
      }
      const told = `Kafka does not tell of all ${partitions} partitions of topic ${topic}`;
      throw new SluiceError('EVENT_LOG_UNAVAILABLE', told);
    });
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
    committed: async (group, topic) => {
      const positions = await ask(topic, async (admin) => {
        const found = await admin.fetchOffsets({ groupId: group, topics: [topic] });
        return found.flatMap(({ partitions }) =>
          partitions.map(({ partition, offset }) => ({ topic, partition, offset: BigInt(offset) })),
        );
      });
      return byPartition(positions.filter(({ offset }) => offset >= 0n));
    },
    forget: (group) => withAdmin(`group ${group}`, (admin) => forget(admin, group)),
  };
};
