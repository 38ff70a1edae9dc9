import type { Producer as KafkaProducer } from 'kafkajs';
import { SluiceError } from '../../errors/sluice-error.ts';
import type { Producer, TopicMessages } from '../event-log.ts';
import { gatherSends } from './gather-sends.ts';
import { kafkaError, namingFaults } from './kafka-error.ts';
import type { Parts } from './parts.ts';
import { prepare, type Round, toSend } from './prepare.ts';
import { reopened } from './reopened.ts';

/** Each attempt has the same sequence numbers. */
const sendRetry = { initialRetryTime: 30, maxRetryTime: 500, multiplier: 2 };
/** Less than there is between two attempts: so many are not made before the time is over. */
const leastRestMs = 250;
/** Of each look for a broker, which every attempt may begin with. */
const connectRetries = 1;

export const namesOf = (batch: readonly TopicMessages[]): string =>
  `topic ${[...new Set(batch.map(({ topic }) => topic))].join(', ')}`;

/** A producer of kafkajs, and a word by which its attempts end: they would go on after a disconnect, too. */
interface Sending {
  readonly producer: KafkaProducer;
  givenUp: boolean;
  /** The newest send. */
  pending: Promise<unknown>;
}

const openSending = async ({ newClient, sendMs }: Parts): Promise<Sending> => {
  const state = { givenUp: false, pending: Promise.resolve<unknown>(undefined) };
  const producer = newClient(connectRetries).producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    retry: { ...sendRetry, retries: Math.ceil(sendMs / leastRestMs) },
    // Is asked for each message in each attempt.
    createPartitioner:
      () =>
      ({ message }) => {
        if (state.givenUp) throw new SluiceError('EVENT_LOG_UNAVAILABLE', 'the send was given up');
        return message.partition ?? 0;
      },
  });
  await producer.connect();
  return Object.assign(state, { producer });
};

const closeSending = async (sending: Sending): Promise<void> => {
  sending.givenUp = true;
  const disconnect = (): Promise<void> => sending.producer.disconnect().catch(() => undefined);
  // The last attempt may have connected anew; nobody waits for it.
  void sending.pending.then(disconnect, disconnect);
  await disconnect();
};

const withDeadline = async (work: Promise<unknown>, timeoutMs: number): Promise<void> => {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs);
  try {
    await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * One send after the other: when an acknowledgement is lost, kafkajs gives the sequence numbers of that send to one
 * that waits behind it, and the broker takes the wrong one for a repetition
 * (https://github.com/tulios/kafkajs/issues/1005). For the same reason it is opened anew, with an identity of its own,
 * after whatever error.
 */
export const openProducer = async (parts: Parts): Promise<Producer> => {
  const sending = reopened(() => openSending(parts), closeSending);
  await namingFaults(parts.settings.url, () => sending.get());
  const sendRound = async (round: Round): Promise<void> => {
    const current = await sending.get();
    current.pending = current.producer.sendBatch({ acks: -1, topicMessages: toSend(round) });
    await withDeadline(current.pending, parts.sendMs);
  };
  const send = async (batch: readonly TopicMessages[]): Promise<void> => {
    if (batch.length === 0) return;
    const rounds = await prepare(parts.topics, batch);
    try {
      for (const round of rounds) await sendRound(round);
    } catch (error) {
      sending.giveUp();
      parts.topics.forget(batch.map(({ topic }) => topic));
      throw kafkaError(error, namesOf(batch));
    }
  };
  const sends = gatherSends(send);
  return {
    send: sends.send,
    [Symbol.asyncDispose]: async () => {
      await sends.settled();
      await sending[Symbol.asyncDispose]();
    },
  };
};
