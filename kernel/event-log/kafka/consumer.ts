import kafkajs, { type EachBatchPayload, type Consumer as KafkaConsumer } from 'kafkajs';
import type { ConsumeOptions, Consumer } from '../event-log.ts';
import { receivedOf } from './fetched.ts';
import { kafkaError, namingFaults } from './kafka-error.ts';
import { heartbeatMs, type Membership, openMembership } from './membership.ts';
import { hooksKey } from './mend-group.ts';
import type { Parts } from './parts.ts';

/** After so long without a word the group goes on without this member. */
const sessionMs = 10_000;
/** How long the group waits for work to settle when its partitions are dealt anew. */
const rebalanceMs = 60_000;
/** An answer comes with the first message; a partition that is resumed meanwhile waits for so long at most. */
const maxWaitMs = 100;
const minFetchBytes = 64 * 1024;
const maxFetchBytes = 16 * 1024 ** 2;

const openKafkaConsumer = (
  { newClient }: Parts,
  { group, maxBatchBytes }: ConsumeOptions,
  { membership, mayRestart }: { readonly membership: Membership; readonly mayRestart: () => boolean },
): KafkaConsumer =>
  newClient().consumer({
    groupId: group,
    // The way by which the hooks come to the member (mend-group.ts).
    partitionAssigners: [
      (config) => Object.assign(kafkajs.PartitionAssigners.roundRobin(config), { [hooksKey]: membership }),
    ],
    sessionTimeout: sessionMs,
    rebalanceTimeout: rebalanceMs,
    heartbeatInterval: heartbeatMs,
    maxWaitTimeInMs: maxWaitMs,
    maxBytesPerPartition: Math.min(Math.max(maxBatchBytes, minFetchBytes), maxFetchBytes),
    maxBytes: maxFetchBytes,
    allowAutoTopicCreation: false,
    // Otherwise it stands still after some attempts (https://github.com/tulios/kafkajs/issues/1122).
    retry: { restartOnFailure: async () => mayRestart() },
  });

/**
 * kafkajs fetches from a broker again only when all that came from it was worked on, so that one slow partition holds up
 * all others (https://github.com/tulios/kafkajs/issues/1732): batches are put aside here, and a partition is paused when
 * there are enough of them.
 */
const pump =
  (membership: Membership) =>
  async ({ batch, resolveOffset }: EachBatchPayload): Promise<void> => {
    const { topic, partition, messages } = batch;
    const last = messages.at(-1);
    const held = membership.find(topic, partition);
    if (held === undefined || last === undefined) return;
    held.push(messages.map((message) => receivedOf(topic, partition, message)));
    resolveOffset(last.offset);
  };

const run = async (consumer: KafkaConsumer, topics: readonly string[], membership: Membership) => {
  await consumer.connect();
  await consumer.subscribe({ topics: [...topics], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: 1,
    eachBatch: pump(membership),
  });
};

/**
 * A member of a group as Kafka has it: partitions are dealt anew whenever one comes or goes, and until the work on those
 * that it had has settled the whole group waits, for a minute at most.
 * @throws SluiceError INVALID_INPUT for a topic that is not there; PERMISSION_DENIED; EVENT_LOG_UNAVAILABLE
 */
export const openConsumer = async (parts: Parts, options: ConsumeOptions): Promise<Consumer> => {
  const topics = [...new Set(options.topics)];
  for (const topic of topics) await parts.topics.find(topic);
  const what = `group ${options.group} of ${topics.join(', ')}`;
  const ended = Promise.withResolvers<void>();
  // Who never asks how it ended is not told.
  ended.promise.catch(() => undefined);
  let closing: Promise<void> | undefined;
  const close = (reason?: { readonly error: unknown }): Promise<void> => {
    closing ??= (async () => {
      membership.close();
      await membership.leaveAll();
      await consumer.disconnect().catch(() => undefined);
      if (reason) ended.reject(reason.error);
      else ended.resolve();
    })();
    return closing;
  };
  const membership = openMembership(options, (error) => void close({ error }));
  const mayRestart = (): boolean => closing === undefined;
  const consumer = openKafkaConsumer(parts, options, { membership, mayRestart });
  consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
    // The group will hold it for dead meanwhile.
    if (restart) void membership.leaveAll();
    else void close({ error: kafkaError(error, what) });
  });
  try {
    await namingFaults(what, () => run(consumer, topics, membership));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    ended: ended.promise,
    assigned: () => membership.held().map(({ topic, partition }) => ({ topic, partition })),
    [Symbol.asyncDispose]: () => close(),
  };
};
