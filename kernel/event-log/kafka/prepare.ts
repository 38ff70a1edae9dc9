import { SluiceError } from '../../errors/sluice-error.ts';
import { partitionOf } from '../embedded/murmur2.ts';
import type { Message, TopicMessages } from '../event-log.ts';
import { grouped } from './grouped.ts';
import { type BatchRecord, RecordBatch, shareHeaders } from './record-batch.ts';
import type { Topic, Topics } from './topics.ts';

/** By topic and partition, what goes to the brokers in one request each. */
export type Round = ReadonlyMap<string, ReadonlyMap<number, RecordBatch>>;

/** A round that has so many takes no more; a broker takes 100 MiB (socket.request.max.bytes). */
const maxRoundBytes = 16 * 1024 ** 2;

const placeOf = ({ name, partitions }: Topic, { key, partition }: Message): number => {
  if (partition === undefined) return partitionOf(key, partitions);
  if (Number.isInteger(partition) && partition >= 0 && partition < partitions) return partition;
  throw new SluiceError('INVALID_INPUT', `topic ${name} has ${partitions} partitions, and no ${partition}`);
};

const tooLarge = ({ name, maxBatchBytes }: Topic, bytes: number): SluiceError =>
  new SluiceError(
    'INVALID_INPUT',
    `topic ${name} takes messages of at most ${maxBatchBytes} bytes, and one has ${bytes}`,
  );

/** The value of a key, made where there is none. */
const getOrMake = <Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value => {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
};

/** Gathers what fits into one request: all that goes to a partition in it is one batch there, which has a limit. */
class Rounds {
  #last = new Map<string, Map<number, RecordBatch>>();
  readonly all: Round[] = [this.#last];
  #bytes = 0;

  add(topic: Topic, partition: number, record: BatchRecord): void {
    if (this.#bytes >= maxRoundBytes) this.#next();
    const { maxBatchBytes } = topic;
    const batches = getOrMake(this.#last, topic.name, () => new Map<number, RecordBatch>());
    const batch = getOrMake(batches, partition, () => new RecordBatch());
    const before = batch.bytes;
    const bytes = batch.add(record, maxBatchBytes);
    if (bytes <= maxBatchBytes) this.#bytes += bytes - before;
    else if (batch.length === 0) throw tooLarge(topic, bytes);
    else {
      this.#next();
      this.add(topic, partition, record);
    }
  }

  #next(): void {
    this.#last = new Map();
    this.all.push(this.#last);
    this.#bytes = 0;
  }
}

/**
 * Checks all messages and gives each its partition. kafkajs would leave out a message of a partition that is not there,
 * choose another partition when it tries again a message without a key, and make one batch of all that goes to a
 * partition, which the broker refuses when it is too large.
 * @throws SluiceError INVALID_INPUT; PERMISSION_DENIED; EVENT_LOG_UNAVAILABLE
 */
export const prepare = async (topics: Topics, batch: readonly TopicMessages[]): Promise<Round[]> => {
  const rounds = new Rounds();
  const now = Date.now();
  for (const { topic: name, headers = [], messages } of batch) {
    const shared = shareHeaders(headers);
    const topic = await topics.find(name);
    for (const message of messages) {
      const timestampMs = Math.floor(message.timestampMs ?? now);
      rounds.add(topic, placeOf(topic, message), { message, shared, timestampMs });
    }
  }
  return rounds.all.filter((round) => round.size > 0);
};

/** A round as kafkajs takes it. */
export const toSend = (round: Round) =>
  [...round].map(([topic, batches]) => ({ topic, messages: grouped(batches) }));
