import { SluiceError } from '../../errors/sluice-error.ts';
import { partitionOf } from '../embedded/murmur2.ts';
import type { Message, SentHeader, TopicMessages } from '../event-log.ts';
import { grouped } from './grouped.ts';
import type { ProducedMessage } from './produce-request.ts';
import { byteLength, encodeHeaders } from './record-batch.ts';
import type { Topic, Topics } from './topics.ts';

/** Messages that go to the brokers in one request each. */
export interface Round {
  readonly topic: string;
  readonly messages: ProducedMessage[];
}

/** Of one round, over all partitions; a broker takes 100 MiB (socket.request.max.bytes). */
const maxRoundBytes = 16 * 1024 ** 2;
/** What a batch has before its messages, and what a message and a header have beside their own bytes, at most. */
const batchBytes = 61;
const messageBytes = 40;
const headerBytes = 12;

const sizeOfHeaders = (headers: readonly SentHeader[]): number => {
  let size = 0;
  for (const [name, content] of headers) size += headerBytes + byteLength(name) + byteLength(content);
  return size;
};
const sizeOf = ({ key, value, headers }: Message): number =>
  messageBytes + key.length + (value?.length ?? 0) + sizeOfHeaders(headers);

const placeOf = ({ name, partitions }: Topic, { key, partition }: Message): number => {
  if (partition === undefined) return partitionOf(key, partitions);
  if (Number.isInteger(partition) && partition >= 0 && partition < partitions) return partition;
  throw new SluiceError('INVALID_INPUT', `topic ${name} has ${partitions} partitions, and no ${partition}`);
};

const checkSize = ({ name, maxBatchBytes }: Topic, bytes: number): void => {
  if (bytes + batchBytes <= maxBatchBytes) return;
  throw new SluiceError(
    'INVALID_INPUT',
    `topic ${name} takes messages of at most ${maxBatchBytes} bytes, and one has ${bytes}`,
  );
};

/** Gathers what fits into one request: all that goes to a partition in it is one batch there, which has a limit. */
class Rounds {
  readonly all: Round[][] = [[]];
  #bytes = 0;
  #bytesOfPartitions = new Map<string, number>();

  add(topic: Topic, message: ProducedMessage, bytes: number): void {
    const place = `${topic.name}/${message.partition}`;
    const before = this.#bytesOfPartitions.get(place) ?? batchBytes;
    if (before + bytes > topic.maxBatchBytes || this.#bytes + bytes > maxRoundBytes) {
      this.#next();
      this.add(topic, message, bytes);
      return;
    }
    this.#bytesOfPartitions.set(place, before + bytes);
    this.#bytes += bytes;
    this.#of(topic.name).messages.push(message);
  }

  #next(): void {
    this.all.push([]);
    this.#bytes = 0;
    this.#bytesOfPartitions = new Map();
  }

  #of(topic: string): Round {
    const round = this.all.at(-1) ?? [];
    const found = round.find((each) => each.topic === topic);
    const own = found ?? { topic, messages: [] };
    if (found === undefined) round.push(own);
    return own;
  }
}

/**
 * Checks all messages and gives each its partition. kafkajs would leave out a message of a partition that is not there,
 * choose another partition when it tries again a message without a key, and make one batch of all that goes to a
 * partition, which the broker refuses when it is too large.
 * @throws SluiceError INVALID_INPUT; PERMISSION_DENIED; EVENT_LOG_UNAVAILABLE
 */
export const prepare = async (topics: Topics, batch: readonly TopicMessages[]): Promise<Round[][]> => {
  const rounds = new Rounds();
  for (const { topic: name, headers: sharedHeaders = [], messages } of batch) {
    const shared = encodeHeaders(sharedHeaders);
    const sharedBytes = sizeOfHeaders(sharedHeaders);
    const topic = await topics.find(name);
    for (const message of messages) {
      const { key, value, headers, timestampMs } = message;
      const bytes = sharedBytes + sizeOf(message);
      checkSize(topic, bytes);
      const time = timestampMs === undefined ? undefined : Math.floor(timestampMs);
      const partition = placeOf(topic, message);
      const record = { key, value, shared, headers, timestampMs: time };
      rounds.add(topic, { key, value, partition, record }, bytes);
    }
  }
  return rounds.all.filter((round) => round.length > 0);
};

/** A round as kafkajs takes it. */
export const toSend = (round: readonly Round[]) =>
  round.map(({ topic, messages }) => ({ topic, messages: grouped(messages) }));
