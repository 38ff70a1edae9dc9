import type { Producer as KafkaProducer } from 'kafkajs';
import { SluiceError } from '../../errors/sluice-error.ts';
import type { Producer, TopicMessages } from '../event-log.ts';
import { kafkaError, namingFaults } from './kafka-error.ts';
import type { Parts } from './parts.ts';
import { prepare, type Round } from './prepare.ts';
import { reopened } from './reopened.ts';

/** Each attempt has the same sequence numbers; when the time is over they are ended from outside. */
const sendRetry = {
  initialRetryTime: 30,
  maxRetryTime: 500,
  multiplier: 2,
  retries: Number.MAX_SAFE_INTEGER,
};

export const namesOf = (batch: readonly TopicMessages[]): string =>
  `topic ${[...new Set(batch.map(({ topic }) => topic))].join(', ')}`;

/** A producer of kafkajs and a word by which its attempts end; they would go on for ever, and after a disconnect too. */
interface Sending {
  readonly producer: KafkaProducer;
  givenUp: boolean;
}

const openSending = async ({ newClient }: Parts): Promise<Sending> => {
  const state = { givenUp: false };
  const producer = newClient().producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    retry: sendRetry,
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
  const sending = reopened(
    () => openSending(parts),
    (opened) => {
      opened.givenUp = true;
      return opened.producer.disconnect();
    },
  );
  await namingFaults(parts.settings.url, () => sending.get());
  const sendRound = async (round: readonly Round[]): Promise<void> => {
    const { producer } = await sending.get();
    await withDeadline(producer.sendBatch({ acks: -1, topicMessages: [...round] }), parts.sendMs);
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
  let last: Promise<unknown> = Promise.resolve();
  return {
    send: (batch) => {
      const next = last.then(() => send(batch));
      last = next.catch(() => undefined);
      return next;
    },
    [Symbol.asyncDispose]: async () => {
      await last;
      await sending[Symbol.asyncDispose]();
    },
  };
};
