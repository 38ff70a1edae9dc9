import { setImmediate as turn } from 'node:timers/promises';
import { readHead } from './chunk.ts';
import { chunkKey } from './keys.ts';
import { readState, writeState } from './partition-state.ts';
import { chunksFrom, type PlacedChunk } from './read-batch.ts';
import { forgetNewest } from './store.ts';
import type { Tables } from './tables.ts';
import type { Topic, Topics } from './topics.ts';

/** Removed in one step, so that nobody waits for long. */
const maxChunksAtOnce = 64;

/** The oldest chunks that are too old, or of which there are too many; as many as one step takes. */
const tooMuch = (tables: Tables, { id, config }: Topic, partition: number, nowMs: number): PlacedChunk[] => {
  const { retentionMs = Number.POSITIVE_INFINITY, retentionBytes = Number.POSITIVE_INFINITY } = config;
  let { bytes } = readState(tables, id, partition);
  const found: PlacedChunk[] = [];
  for (const chunk of chunksFrom(tables, id, partition, 0n)) {
    const tooOld = readHead(chunk.bytes).writtenMs < nowMs - retentionMs;
    if (found.length === maxChunksAtOnce || !(tooOld || bytes > retentionBytes)) return found;
    found.push(chunk);
    bytes -= chunk.bytes.length;
  }
  return found;
};

const removeStep = (tables: Tables, topic: Topic, partition: number, nowMs: number): number =>
  tables.write(() => {
    const chunks = tooMuch(tables, topic, partition, nowMs);
    for (const { last, bytes } of chunks) {
      tables.chunks.removeSync(chunkKey(topic.id, partition, last));
      if (topic.config.compacted) forgetNewest(tables, topic.id, partition, bytes, last);
    }
    const state = readState(tables, topic.id, partition);
    const removed = chunks.reduce((sum, { bytes }) => sum + bytes.length, 0);
    if (chunks.length > 0)
      writeState(tables, topic.id, partition, { ...state, bytes: state.bytes - removed });
    return chunks.length;
  });

const sweepPartition = async (
  tables: Tables,
  topic: Topic,
  partition: number,
  signal: AbortSignal,
): Promise<void> => {
  while (!signal.aborted) {
    const nowMs = Date.now();
    if (tables.read(() => tooMuch(tables, topic, partition, nowMs)).length === 0) return;
    removeStep(tables, topic, partition, nowMs);
    await turn();
  }
};

/**
 * Removes what `retention.ms` and `retention.bytes` do not keep, whole chunks, from the oldest on. The age is that of the
 * writing: messages may be about times long past.
 */
export const sweep = async (tables: Tables, topics: Topics, signal: AbortSignal): Promise<void> => {
  for (const topic of topics.all())
    for (let partition = 0; partition < topic.partitions; partition += 1) {
      if (signal.aborted) return;
      await sweepPartition(tables, topic, partition, signal);
    }
};
