import { SluiceError } from '../../errors/sluice-error.ts';
import type { Message, TopicMessages } from '../event-log.ts';
import { headBytes, sizeOf, writeHead, writeMessage } from './chunk.ts';
import { maxChunkBytes, maxSendBytes } from './limits.ts';
import { partitionOf } from './murmur2.ts';
import type { Topic, Topics } from './topics.ts';

/** Messages of one partition, ready to be written but for their offsets. */
export interface PreparedChunk {
  readonly topic: Topic;
  readonly partition: number;
  readonly bytes: Buffer;
  readonly count: number;
  /** Of its messages. */
  readonly latestMs: number;
}

interface Placed {
  readonly topic: Topic;
  readonly partition: number;
  readonly messages: Message[];
}

const refuse = (message: string): never => {
  throw new SluiceError('INVALID_INPUT', message);
};

const placeOf = (topic: Topic, { key, partition }: Message): number => {
  if (partition === undefined) return partitionOf(key, topic.partitions);
  if (Number.isInteger(partition) && partition >= 0 && partition < topic.partitions) return partition;
  return refuse(`topic ${topic.name} has ${topic.partitions} partitions, and no partition ${partition}`);
};

/** By partition, in the order in which they were sent. */
const place = (topics: Topics, batch: readonly TopicMessages[]): Placed[] => {
  const places = new Map<string, Placed>();
  for (const { topic: name, messages } of batch) {
    const topic = topics.find(name);
    for (const message of messages) {
      const partition = placeOf(topic, message);
      const at = `${topic.id} ${partition}`;
      const placed = places.get(at) ?? { topic, partition, messages: [] };
      placed.messages.push(message);
      places.set(at, placed);
    }
  }
  return [...places.values()];
};

const checkedSize = ({ name, config }: Topic, message: Message): number => {
  const size = sizeOf(message);
  if (size <= config.maxMessageBytes) return size;
  const key = message.key.toString('utf8', 0, 64);
  return refuse(
    `topic ${name}: the message of key '${key}' has ${size} bytes, more than max.message.bytes (${config.maxMessageBytes})`,
  );
};

const encode = ({ topic, partition }: Placed, messages: readonly Message[], size: number, nowMs: number) => {
  const bytes = Buffer.allocUnsafe(headBytes + size);
  let latestMs = Number.NEGATIVE_INFINITY;
  let at = headBytes;
  for (const message of messages) {
    const timestampMs = message.timestampMs ?? nowMs;
    latestMs = Math.max(latestMs, timestampMs);
    at = writeMessage(bytes, at, message, timestampMs);
  }
  writeHead(bytes, { count: messages.length, writtenMs: nowMs, latestMs });
  return { topic, partition, bytes, count: messages.length, latestMs };
};

/** Cuts the messages of a partition into chunks; of a compacted topic each message is removed alone. */
const cut = function* (placed: Placed, nowMs: number): Generator<PreparedChunk> {
  const { topic, messages } = placed;
  const maxBytes = topic.config.compacted ? 0 : maxChunkBytes;
  let from = 0;
  let size = 0;
  for (const [index, message] of messages.entries()) {
    const more = checkedSize(topic, message);
    if (index > from && size + more > maxBytes) {
      yield encode(placed, messages.slice(from, index), size, nowMs);
      from = index;
      size = 0;
    }
    size += more;
  }
  if (messages.length > from) yield encode(placed, messages.slice(from), size, nowMs);
};

/**
 * What can be done of a send before the log is locked for it.
 * @throws SluiceError INVALID_INPUT for what the log will never take
 */
export const prepare = (topics: Topics, batch: readonly TopicMessages[], nowMs: number): PreparedChunk[] => {
  const chunks: PreparedChunk[] = [];
  let sum = 0;
  for (const placed of place(topics, batch))
    for (const chunk of cut(placed, nowMs)) {
      sum += chunk.bytes.length;
      if (sum > maxSendBytes) refuse(`a send has at most ${maxSendBytes} bytes: send less at a time`);
      chunks.push(chunk);
    }
  return chunks;
};
