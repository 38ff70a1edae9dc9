import { messagesIn, readHead } from './chunk.ts';
import { readState } from './partition-state.ts';
import { chunksFrom, firstOffset, type PlacedChunk } from './read-batch.ts';
import type { Tables } from './tables.ts';

const chunkAt = (
  tables: Tables,
  topic: number,
  partition: number,
  offset: bigint,
): PlacedChunk | undefined => {
  for (const chunk of chunksFrom(tables, topic, partition, offset)) return chunk;
  return undefined;
};

/** An offset before which no message is as late as the time; heads say the latest time until their chunk. */
const bisect = (tables: Tables, topic: number, partition: number, timeMs: number): bigint => {
  let low = firstOffset(tables, topic, partition);
  let high = readState(tables, topic, partition).next;
  while (low < high) {
    const middle = (low + high) / 2n;
    const chunk = chunkAt(tables, topic, partition, middle);
    if (chunk !== undefined && readHead(chunk.bytes).latestMs < timeMs) low = chunk.last + 1n;
    else high = middle;
  }
  return low;
};

/**
 * The offset of the first message at or after a time; where there is none, the next offset. Messages need not be in the
 * order of their times.
 */
export const findTime = (tables: Tables, topic: number, partition: number, timeMs: number): bigint => {
  const start = bisect(tables, topic, partition, timeMs);
  for (const { first, bytes } of chunksFrom(tables, topic, partition, start)) {
    let offset = first;
    for (const { timestampMs } of messagesIn(bytes)) {
      if (timestampMs >= timeMs) return offset;
      offset += 1n;
    }
  }
  return readState(tables, topic, partition).next;
};
