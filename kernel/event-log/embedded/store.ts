import { createHash } from 'node:crypto';
import { messagesIn, readHead, writeHead } from './chunk.ts';
import { chunkKey, partitionKey } from './keys.ts';
import { readState, writeState } from './partition-state.ts';
import type { PreparedChunk } from './prepare.ts';
import type { Tables } from './tables.ts';

/** Under which the place of the newest message of a key is found; keys may be longer than lmdb allows. */
const newestKey = (topic: number, partition: number, key: Buffer): Buffer =>
  Buffer.concat([partitionKey(topic, partition), createHash('sha256').update(key).digest()]);

/** Removes what a key said before; how many bytes that were. In a compacted topic a chunk is one message. */
const supersede = (tables: Tables, { topic, partition, bytes }: PreparedChunk, offset: bigint): number => {
  const [message] = messagesIn(bytes);
  if (message === undefined) return 0;
  const at = newestKey(topic.id, partition, message.key);
  const before = tables.keys.get(at);
  const place = Buffer.allocUnsafe(8);
  place.writeBigUInt64BE(offset);
  tables.keys.putSync(at, place);
  if (before === undefined) return 0;
  const old = chunkKey(topic.id, partition, before.readBigUInt64BE());
  const removed = tables.chunks.get(old)?.length ?? 0;
  tables.chunks.removeSync(old);
  return removed;
};

/** Forgets where the newest message of a key lies, if it is this one. */
export const forgetNewest = (
  tables: Tables,
  topic: number,
  partition: number,
  chunk: Buffer,
  offset: bigint,
): void => {
  for (const { key } of messagesIn(chunk)) {
    const at = newestKey(topic, partition, key);
    if (tables.keys.get(at)?.readBigUInt64BE() === offset) tables.keys.removeSync(at);
  }
};

/** Gives messages their offsets and stores them; in a write only. */
export const storeChunks = (tables: Tables, chunks: readonly PreparedChunk[]): void => {
  for (const chunk of chunks) {
    const { topic, partition, bytes, count, latestMs } = chunk;
    const state = readState(tables, topic.id, partition);
    const next = state.next + BigInt(count);
    const latest = Math.max(state.latestMs, latestMs);
    writeHead(bytes, { ...readHead(bytes), latestMs: latest });
    const removed = topic.config.compacted ? supersede(tables, chunk, next - 1n) : 0;
    tables.chunks.putSync(chunkKey(topic.id, partition, next - 1n), bytes);
    writeState(tables, topic.id, partition, {
      next,
      bytes: state.bytes + bytes.length - removed,
      latestMs: latest,
    });
  }
};
