import { type BlockHead, blockEnd, blockHeadBytes, readBlockHead } from './block.ts';
import { entryEnd, entryValue, idOf, idTimeOf, partitionOfEntry, topicAt } from './entry.ts';
import type { Block } from './gather.ts';
import { addTo, newTally } from './tally.ts';

/** How the entries of a segment are put into places. */
export interface Places {
  /** The place of each topic of the segment in the list of those that the spool was opened with. */
  readonly topics: readonly number[];
  /** How many topics the spool was opened with. */
  readonly count: number;
  readonly partitions: number;
}

/** Calls for each entry of the whole blocks in `bytes`, which begin with one. */
export const eachEntry = (
  bytes: Buffer,
  visit: (at: number, sequence: number, head: BlockHead) => void,
): void => {
  let start = 0;
  for (let end = blockEnd(bytes, start); end !== undefined; end = blockEnd(bytes, start)) {
    const head = readBlockHead(bytes, start);
    let at = start + blockHeadBytes;
    for (let index = 0; index < head.count; index += 1) {
      visit(at, head.first + index, head);
      at = entryEnd(bytes, at);
    }
    start = end;
  }
};

/** What whole blocks hold, but for entries that were set aside. */
export const describeBlocks = (
  bytes: Buffer,
  { topics, count: places, partitions }: Places,
  setAside: ReadonlySet<number>,
): Block => {
  const tally = newTally(places * partitions);
  let [first, count, writtenMs, minMs, maxMs] = [0, 0, 0, Number.POSITIVE_INFINITY, 0];
  eachEntry(bytes, (at, sequence, head) => {
    if (count === 0) [first, writtenMs] = [sequence, head.writtenMs];
    count += 1;
    const time = idTimeOf(bytes, at);
    minMs = Math.min(minMs, time);
    maxMs = Math.max(maxMs, time);
    if (setAside.has(sequence)) return;
    const place = (topics[topicAt(bytes, at)] ?? 0) * partitions + partitionOfEntry(bytes, at, partitions);
    addTo(tally, place, 1, entryEnd(bytes, at) - at, sequence);
  });
  return { first, count, writtenMs, minMs, maxMs, tally };
};

/** The value of an entry in whole blocks. */
export const findIn = (
  bytes: Buffer,
  isTopic: (topic: number) => boolean,
  id: Buffer,
): Buffer | undefined => {
  let found: Buffer | undefined;
  eachEntry(bytes, (at) => {
    if (idOf(bytes, at).equals(id) && isTopic(topicAt(bytes, at))) found = entryValue(bytes, at);
  });
  return found;
};
