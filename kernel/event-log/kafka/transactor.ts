import { setTimeout as pause } from 'node:timers/promises';
import type { Producer as KafkaProducer, Transaction as KafkaTransaction } from 'kafkajs';
import { SluiceError } from '../../errors/sluice-error.ts';
import type { Position, Transaction, Transactor } from '../event-log.ts';
import { kafkaError, namingFaults, typeOf } from './kafka-error.ts';
import type { Parts } from './parts.ts';
import { prepare, type Round, toSend } from './prepare.ts';
import { namesOf } from './producer.ts';

/** What is left open by who died holds up readers for so long. */
const transactionTimeoutMs = 15_000;
/**
 * The next transaction may begin some milliseconds after the one before; kafkajs waits 300 of them
 * (https://github.com/tulios/kafkajs/issues/304).
 */
const retry = { initialRetryTime: 20, maxRetryTime: 1_000, multiplier: 1.5, retries: 12 };
const restMs = 20;
const maxRests = 250;

type Consumed = NonNullable<Transaction['consumed']>;

const offsetsOf = ({ group, positions }: Consumed) => {
  const topics = Map.groupBy(positions, ({ topic }) => topic);
  return {
    consumerGroupId: group,
    topics: [...topics].map(([topic, own]) => ({
      topic,
      partitions: own.map(({ partition, offset }) => ({ partition, offset: `${offset}` })),
    })),
  };
};

/** kafkajs tries this one not again (https://github.com/tulios/kafkajs/issues/430). */
const sendOffsets = async (transaction: KafkaTransaction, consumed: Consumed): Promise<void> => {
  for (let rests = 0; ; rests += 1)
    try {
      await transaction.sendOffsets(offsetsOf(consumed));
      return;
    } catch (error) {
      if (typeOf(error) !== 'CONCURRENT_TRANSACTIONS' || rests >= maxRests) throw error;
      await pause(restMs);
    }
};

const commitRounds = async (
  producer: KafkaProducer,
  rounds: readonly Round[],
  consumed: Consumed | undefined,
): Promise<void> => {
  const transaction = await producer.transaction();
  try {
    for (const round of rounds) await transaction.sendBatch({ acks: -1, topicMessages: toSend(round) });
    if (consumed) await sendOffsets(transaction, consumed);
  } catch (error) {
    await transaction.abort().catch(() => undefined);
    throw error;
  }
  await transaction.commit();
};

const checkPositions = async ({ topics }: Parts, positions: readonly Position[]): Promise<void> => {
  for (const { topic, partition, offset } of positions) {
    const { partitions } = await topics.find(topic);
    if (!Number.isInteger(partition) || partition < 0 || partition >= partitions || offset < 0n)
      throw new SluiceError(
        'INVALID_INPUT',
        `topic ${topic} has no partition ${partition} with an offset ${offset}`,
      );
  }
};

/** Begun and left at once: the broker then knows it, and fences who had the id before. */
const openTransactional = async ({ newClient }: Parts, id: string): Promise<KafkaProducer> => {
  const producer = newClient().producer({
    transactionalId: id,
    maxInFlightRequests: 1,
    transactionTimeout: transactionTimeoutMs,
    allowAutoTopicCreation: false,
    retry,
    createPartitioner:
      () =>
      ({ message }) =>
        message.partition ?? 0,
  });
  try {
    await producer.connect();
    await (await producer.transaction()).abort();
    return producer;
  } catch (error) {
    await producer.disconnect().catch(() => undefined);
    throw error;
  }
};

/**
 * After whatever error it is of no use any more: a request of its that was delayed could still arrive, in the middle of
 * a later transaction (KIP-890), and a commit whose answer was lost cannot be asked for again
 * (https://github.com/tulios/kafkajs/issues/430). Whoever opens the next one of its id ends what it left open.
 */
export const openTransactor = async (parts: Parts, id: string): Promise<Transactor> => {
  const what = `transactor ${id}`;
  const producer = await namingFaults(what, () => openTransactional(parts, id));
  let failed: SluiceError | undefined;
  const commit = async ({ messages, consumed }: Transaction): Promise<void> => {
    if (failed) throw new SluiceError(failed.code, `${what} has failed before: ${failed.message}`);
    const rounds = await prepare(parts.topics, messages);
    const offsets = consumed && consumed.positions.length > 0 ? consumed : undefined;
    if (offsets) await checkPositions(parts, offsets.positions);
    if (rounds.length === 0 && !offsets) return;
    try {
      await commitRounds(producer, rounds, offsets);
    } catch (error) {
      failed = kafkaError(error, `${what}, ${namesOf(messages)}`);
      throw failed;
    }
  };
  let last: Promise<unknown> = Promise.resolve();
  return {
    commit: (transaction) => {
      const next = last.then(() => commit(transaction));
      last = next.catch(() => undefined);
      return next;
    },
    [Symbol.asyncDispose]: async () => {
      await last;
      await producer.disconnect().catch(() => undefined);
    },
  };
};
