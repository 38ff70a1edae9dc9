import type { write } from 'node:fs';
import { messageOf } from '../errors/message-of.ts';
import { SluiceError } from '../errors/sluice-error.ts';
import type { Header, NewTopic } from '../event-log/event-log.ts';
import { uuidTimeMs } from '../records/prediction-time.ts';
import { recordPartitions, recordTopics } from '../records/topics.ts';
import type { Log } from '../telemetry/log.ts';
import { adopter } from './adopt.ts';
import { sayingWhy, sweep, takeFolder } from './disk/folders.ts';
import type { SpoolLimits } from './disk/limits.ts';
import { openFolder } from './disk/open-folder.ts';
import type { SpoolFolder } from './disk/spool-folder.ts';
import { Writer } from './disk/writer.ts';
import { poll, sayOnce } from './poll.ts';
import type { Report, Shipper, Source } from './ship/source.ts';
import type { ReadWatermarks, Spool, SpoolDepth } from './spool.ts';
import { type SpoolObserver, tellOf } from './tell.ts';
import { openSteps, tidyAdopted, tidyOwn } from './tidy.ts';

/** What a shipper is started with. */
export interface Shipping {
  readonly topics: readonly NewTopic[];
  readonly sources: () => readonly Source[];
  readonly report: (report: Report) => void;
}

export interface SpoolParts {
  /** In which the spools of the machine lie, each in a folder that is named by its id. */
  readonly folder: string;
  readonly limits: SpoolLimits;
  /** Those that entries may have, and the headers that all messages of one have. */
  readonly topics: ReadonlyMap<string, readonly Header[]>;
  readonly readWatermarks: ReadWatermarks;
  readonly watermarkPollMs: number;
  /** How often spools are looked for whose gateway is gone. */
  readonly adoptPollMs: number;
  /** How long closing may ship what is not shipped yet; what remains is shipped after the next opening. */
  readonly drainMs: number;
  readonly log: Log;
  readonly observer?: SpoolObserver;
  readonly startShipper: (shipping: Shipping) => Shipper;
  readonly now: () => number;
  readonly write?: typeof write;
}

const topicsOf = (names: Iterable<string>): NewTopic[] =>
  [...names].map((name) => {
    const found = recordTopics.find(({ topic }) => topic === name);
    if (found === undefined) throw new SluiceError('INVALID_INPUT', `topics: ${name} is no topic of records`);
    return found;
  });

const sourceOf = ({ id, path, segments }: SpoolFolder): Source => ({ id, path, segments });

const sumOf = (depths: readonly SpoolDepth[]): SpoolDepth => ({
  entries: depths.reduce((sum, { entries }) => sum + entries, 0),
  bytes: depths.reduce((sum, { bytes }) => sum + bytes, 0),
  ageMs: Math.max(...depths.map(({ ageMs }) => ageMs)),
});

/**
 * Sequences that are left out at an opening: a power loss may take entries that were shipped already, and their
 * numbers must not be given again.
 */
const leap = 2 ** 30;

/** Puts a spool together; what is shipped how is the caller's choice. */
export const assembleSpool = async (parts: SpoolParts): Promise<Spool> => {
  const { folder: root, limits, log, now } = parts;
  const topics = topicsOf(parts.topics.keys());
  const places = { names: topics.map(({ topic }) => topic), partitions: recordPartitions };
  await using opening = new AsyncDisposableStack();
  const lock = opening.use(await takeFolder(root));
  const { folder: own, next } = await sayingWhy(root, () => openFolder(lock, places, log));
  const folders = new Map([[own.id, own]]);
  opening.defer(async () => {
    for (const folder of folders.values()) if (folder !== own) await folder.lock[Symbol.asyncDispose]();
  });
  const shippers: Shipper[] = [];
  const [wake, extend] = [
    () => shippers[0]?.wake(),
    (segment: Source['segments'][number]) => shippers[0]?.extend(own.id, segment),
  ];
  const write = parts.write;
  const writer = await sayingWhy(root, () =>
    Writer.open({ folder: own, limits, next: next + leap, now, onSegment: extend, onWritten: wake, write }),
  );
  const shipper = parts.startShipper({
    topics,
    sources: () => [...folders.values()].map(sourceOf),
    report: tellOf(parts, folders),
  });
  shippers.push(shipper);
  opening.defer(() => shipper.close(parts.drainMs));
  opening.defer(() => writer.close());
  await sweep(root);
  const stopping = new AbortController();
  const { step, settled } = openSteps(stopping.signal);
  const adopt = adopter({ root, places, log, folders, adopted: (folder) => shipper.add(sourceOf(folder)) });
  opening.defer(async () => {
    stopping.abort();
    await settled();
    await adopt.release();
  });

  const askFor = async (folder: SpoolFolder): Promise<void> => {
    if (folder.ledger.entries > 0) folder.mark(await parts.readWatermarks(folder.id));
    if (folder === own) await tidyOwn(own, { writer, segmentBytes: limits.segmentBytes, step });
    else if (await tidyAdopted(folder, { shipper, step })) {
      folders.delete(folder.id);
      log.info({ spool: folder.id }, 'all records of an adopted spool are stored');
    }
  };
  const askAll = sayOnce({
    failed: (error) =>
      log.warn({ reason: messageOf(error) }, 'cannot ask how far records are stored; they wait'),
    works: () => log.info('how far records are stored is known again'),
  });
  void poll(parts.watermarkPollMs, stopping.signal, () =>
    askAll(async () => {
      for (const folder of [...folders.values()]) await askFor(folder);
    }),
  );
  void poll(parts.adoptPollMs, stopping.signal, adopt.look);
  const stack = opening.move();
  return {
    id: own.id,
    append: (entry, fsync) => writer.append(entry, fsync),
    find: async (topic, id) => {
      for (const folder of folders.values()) {
        const found = await folder.find(topic, id, uuidTimeMs(id));
        if (found !== undefined) return found;
      }
      return undefined;
    },
    depth: () => sumOf([...folders.values()].map((folder) => folder.depth(now()))),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
};
