import { SluiceError } from '../../errors/sluice-error.ts';
import type { Message, TopicMessages } from '../event-log.ts';
import { encodeShared, headBytes, type SharedHeaders, sizeOf, writeHead, writeMessage } from './chunk.ts';
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
  readonly shared: SharedHeaders;
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
const place = (topics: Topics, { topic: name, headers = [], messages }: TopicMessages): Iterable<Placed> => {
  const topic = topics.find(name);
  const shared = encodeShared(headers);
  const places = new Map<number, Placed>();
  for (const message of messages) {
    const partition = placeOf(topic, message);
    const placed = places.get(partition);
    if (placed === undefined) places.set(partition, { topic, partition, shared, messages: [message] });
    else placed.messages.push(message);
  }
  return places.values();
};

const checkedSize = ({ topic: { name, config }, shared }: Placed, message: Message): number => {
  const size = sizeOf(message, shared);
  if (size <= config.maxMessageBytes) return size;
  const key = message.key.toString('utf8', 0, 64);
  return refuse(
    `topic ${name}: the message of key '${key}' has ${size} bytes, more than max.message.bytes (${config.maxMessageBytes})`,
  );
};

const encode = (
  { topic, partition, shared }: Placed,
  messages: readonly Message[],
  size: number,
  nowMs: number,
) => {
  const bytes = Buffer.allocUnsafe(headBytes + size);
  let latestMs = Number.NEGATIVE_INFINITY;
  let at = headBytes;
  for (const message of messages) {
    const timestampMs = message.timestampMs ?? nowMs;
    latestMs = Math.max(latestMs, timestampMs);
    at = writeMessage(bytes, at, message, shared, timestampMs);
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
    const more = checkedSize(placed, message);
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
  for (const sent of batch)
    for (const placed of place(topics, sent))
      for (const chunk of cut(placed, nowMs)) {
        sum += chunk.bytes.length;
        if (sum > maxSendBytes) refuse(`a send has at most ${maxSendBytes} bytes: send less at a time`);
        chunks.push(chunk);
      }
  return chunks;
};
