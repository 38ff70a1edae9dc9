import type { Received } from '../event-log.ts';
import { messagesIn, readHead } from './chunk.ts';
import { chunkKey, chunksEnd, lastOffsetOf } from './keys.ts';
import { readState } from './partition-state.ts';
import type { Tables } from './tables.ts';
import type { Topic } from './topics.ts';

/** A chunk, and the offset of its first message. */
export interface PlacedChunk {
  readonly first: bigint;
  readonly last: bigint;
  readonly bytes: Buffer;
}

/** The chunks of a partition from that of an offset on; in a read or a write. */
export const chunksFrom = function* (
  { chunks }: Tables,
  topic: number,
  partition: number,
  from: bigint,
): Generator<PlacedChunk> {
  const range = { start: chunkKey(topic, partition, from), end: chunksEnd(topic, partition) };
  for (const { key, value } of chunks.getRange(range)) {
    const last = lastOffsetOf(key);
    yield { first: last + 1n - BigInt(readHead(value).count), last, bytes: value };
  }
};

/** The offset of the first message from one on; where there is none yet, of the next one. */
export const offsetFrom = (tables: Tables, topic: number, partition: number, from: bigint): bigint => {
  for (const { first } of chunksFrom(tables, topic, partition, from)) return first > from ? first : from;
  return readState(tables, topic, partition).next;
};

/** The oldest offset that is still there. */
export const firstOffset = (tables: Tables, topic: number, partition: number): bigint =>
  offsetFrom(tables, topic, partition, 0n);

/** Messages from an offset on, the first one and those that fit behind it; none: there are none yet. */
export const readBatch = (
  tables: Tables,
  topic: Topic,
  partition: number,
  from: bigint,
  maxBytes: number,
): Received[] => {
  const batch: Received[] = [];
  if (readState(tables, topic.id, partition).next <= from) return batch;
  let size = 0;
  for (const { first, bytes } of chunksFrom(tables, topic.id, partition, from)) {
    let offset = first - 1n;
    for (const { bytes: more, ...message } of messagesIn(bytes)) {
      offset += 1n;
      if (offset < from) continue;
      if (batch.length > 0 && size + more > maxBytes) return batch;
      batch.push({ ...message, topic: topic.name, partition, offset });
      size += more;
    }
    if (size >= maxBytes) return batch;
  }
  return batch;
};
