import { copyFile, mkdir, open, readdir, readFile, rename, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { SluiceError } from '../../errors/sluice-error.ts';
import type { Log } from '../../telemetry/log.ts';
import { blockEnd, blockState, readBlockHead } from './block.ts';
import type { FolderLock } from './lock.ts';
import {
  decodeSegmentHead,
  firstOf,
  formatVersion,
  maxHeadBytes,
  type SegmentHead,
  segmentName,
} from './segment-head.ts';
import { SpoolFolder, type TopicPlaces } from './spool-folder.ts';
import { describeBlocks } from './stretch.ts';

export const rejectedName = 'rejected';

/** What is described at once; the memory of a stretch. */
const describedBytes = 64 * 1024;

const readHead = async (path: string): Promise<SegmentHead | undefined> => {
  await using handle = await open(path, 'r');
  const bytes = Buffer.alloc(maxHeadBytes);
  const { bytesRead } = await handle.read(bytes, 0, maxHeadBytes, 0);
  return decodeSegmentHead(bytes.subarray(0, bytesRead));
};

const unavailable = (message: string): SluiceError => new SluiceError('SPOOL_UNAVAILABLE', message);

const checkHead = (path: string, { version, topics }: SegmentHead, known: readonly string[]): void => {
  if (version !== formatVersion)
    throw unavailable(
      `${path} has format ${version}; this version of Sluice reads and writes format ${formatVersion}`,
    );
  const unknown = topics.find((topic) => !known.includes(topic));
  if (unknown !== undefined)
    throw unavailable(`${path} has entries of the topic ${unknown}, expected one of ${known.join(', ')}`);
};

const namesIn = async (folder: string): Promise<string[]> => {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
};

/** Describes the whole blocks of a segment to the ledger; where they end, and how many sequences they take. */
const describeSegment = (folder: SpoolFolder, first: number, bytes: Buffer, from: number) => {
  const places = folder.placesOf(first);
  let [start, at, next] = [from, from, first];
  const describe = (): void => {
    if (places === undefined || at === start) return;
    const block = describeBlocks(bytes.subarray(start, at), places, folder.setAside);
    folder.ledger.add(first, start, at - start, block);
    start = at;
  };
  while (blockState(bytes, at) === 'whole') {
    const { first: sequence, count } = readBlockHead(bytes, at);
    next = sequence + count;
    at = blockEnd(bytes, at) ?? at;
    if (at - start >= describedBytes) describe();
  }
  describe();
  return { end: at, next };
};

interface Found {
  readonly first: number;
  readonly path: string;
  readonly head: SegmentHead | undefined;
}

/** Its process ended while it made the file, or the disk has lost its beginning. */
const putAway = async (folder: SpoolFolder, { first, path }: Found, log: Log): Promise<void> => {
  log.warn({ file: path }, 'a segment has no beginning and was put away');
  await rename(path, join(folder.path, rejectedName, `${segmentName(first)}.damaged`));
};

/** Reads a segment, and cuts what was being written when its process ended; the sequence that comes next. */
const readSegment = async (
  folder: SpoolFolder,
  { first, path, head }: Found,
  isLast: boolean,
  log: Log,
): Promise<number> => {
  const bytes = await readFile(path);
  const { end: shared } = folder.addSegment(first, head?.topics ?? [], 0);
  const { end, next } = describeSegment(folder, first, bytes, head?.bytes ?? 0);
  if (end < bytes.length) {
    log.warn({ file: path, bytes: bytes.length - end }, 'the end of a segment is damaged and was cut');
    // A process that ended leaves the last one so; of another one the disk has lost something.
    if (!isLast) await copyFile(path, join(folder.path, rejectedName, `${segmentName(first)}.damaged`));
    await truncate(path, end);
  }
  shared[0] = end;
  return next;
};

/**
 * Reads the folder of a spool, whose lock is ours. What a process was writing when it ended, which nobody was told of,
 * is cut.
 * @throws SluiceError SPOOL_UNAVAILABLE for one of another format or with other topics, with nothing touched
 */
export const openFolder = async (
  lock: FolderLock,
  topics: TopicPlaces,
  log: Log,
): Promise<{ readonly folder: SpoolFolder; readonly next: number }> => {
  const folder = new SpoolFolder(lock, topics);
  const found: Found[] = [];
  for (const name of (await namesIn(lock.folder)).sort()) {
    const first = firstOf(name);
    if (first === undefined) continue;
    const path = join(lock.folder, name);
    const head = await readHead(path);
    if (head !== undefined) checkHead(path, head, topics.names);
    found.push({ first, path, head });
  }
  await mkdir(join(lock.folder, rejectedName), { recursive: true });
  for (const name of await namesIn(join(lock.folder, rejectedName)))
    if (/^\d{16}$/.test(name)) folder.setAside.add(Number(name));
  let next = 1;
  for (const each of found) {
    next = Math.max(next, each.first);
    if (each.head === undefined) await putAway(folder, each, log);
    else next = Math.max(next, await readSegment(folder, each, each === found.at(-1), log));
  }
  return { folder, next };
};
