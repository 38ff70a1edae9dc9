import { type Database, open, type RootDatabase } from 'lmdb';
import { SluiceError } from '../../errors/sluice-error.ts';
import type { EmbeddedLogName } from './parse-url.ts';
import { openTurns, type Turns } from './turns.ts';
import { sayingWhy } from './unavailable.ts';

export type Table = Database<Buffer, Buffer>;

/** The tables of a log, in one file that many processes of a machine open at the same time. */
export interface Tables {
  readonly url: string;
  /** Of the log as a whole: its format and its id. */
  readonly about: Table;
  readonly topics: Table;
  /** The next offset of each partition, and sums. */
  readonly partitions: Table;
  readonly chunks: Table;
  /** Of topics that are compacted: where the newest message of each key lies. */
  readonly keys: Table;
  readonly offsets: Table;
  readonly leases: Table;
  readonly transactors: Table;
  /** Sees what all processes committed until now. What it reads is copied: no page of the file outlives it. */
  read<T>(work: () => T): T;
  /**
   * One step: all of it is there afterwards, for every process, or, where it throws, nothing.
   * @throws SluiceError EVENT_LOG_UNAVAILABLE; whatever `work` throws
   */
  write<T>(work: () => T): T;
  /** Frees what processes had open that were killed; see `open`. */
  dropDeadReaders(): void;
  close(): Promise<void>;
}

const format = 1;
/** Address space that is reserved; no bound of the file, which grows as the topics' retention lets it. */
const mapBytes = 64 * 1024 ** 3;
/** As many as `openTables` opens, and the one that lists them. */
const maxDbs = 9;

/**
 * Opens the file with lmdb. Each of these was seen in experiments, and has a test:
 *
 * - Without `noSync` each commit waits for the disk (0.5 ms against 50 µs). With it the operating system has what was
 *   committed: any process may be killed at any moment, and nothing is lost; a power loss may cost the file.
 * - A reader that was killed keeps its place in the table of readers, and with it every page that was freed since: the
 *   file grows until somebody calls `readerCheck`.
 * - Asynchronous writes of lmdb reject a promise that nobody has when the disk is full, which ends Node. Writes here
 *   are synchronous: they throw to their caller. They take as long as they hold the lock, so they are small, and no
 *   other code of the process runs while the lock is held.
 * - Pages that were read count as memory of the process (RSS) until the system wants them back; RssAnon is what it
 *   really takes. Values are copied out of the pages, so that no buffer points into the file.
 * - Whoever opens the file sets the number of the last transaction back to the one that he read before. What another
 *   process committed between the two is overwritten by the next transaction: lost, although it was acknowledged
 *   (https://github.com/monero-project/monero/pull/7656: LMDB mended it in 2021, as ITS#9496, but not in the copy
 *   that this library has). And whoever closes it as the last one destroys the locks under whoever opens it just then.
 *   Therefore opening, writing and closing take turns.
 */
const openFile = ({ folder, fsync }: EmbeddedLogName): RootDatabase<Buffer, Buffer> =>
  open<Buffer, Buffer>(folder, {
    noSubdir: false,
    noSync: !fsync,
    overlappingSync: false,
    mapSize: mapBytes,
    maxReaders: 512,
    maxDbs,
    encoding: 'binary',
    keyEncoding: 'binary',
  });

const formatKey = Buffer.from('format');

const checkFormat = (url: string, about: Table): void => {
  const found = about.get(formatKey);
  if (found === undefined) about.putSync(formatKey, Buffer.from([format]));
  else if (found[0] !== format)
    throw new SluiceError(
      'EVENT_LOG_UNAVAILABLE',
      `${url} has format ${found[0]}; this version of Sluice reads and writes format ${format}`,
    );
};

const openTable = (file: RootDatabase<Buffer, Buffer>, name: string): Table =>
  file.openDB(name, { encoding: 'binary', keyEncoding: 'binary' });

/** @throws SluiceError EVENT_LOG_UNAVAILABLE when the folder cannot be written, or has another format */
export const openTables = (url: string, name: EmbeddedLogName): Tables =>
  sayingWhy(url, () => {
    using opening = new DisposableStack();
    const turns = opening.use(openTurns(name.folder));
    const tables = turns.take(() => {
      const file = openFile(name);
      try {
        return tablesOf(url, file, turns);
      } catch (error) {
        file.close().catch(() => undefined);
        throw error;
      }
    });
    opening.move();
    return tables;
  });

const tablesOf = (url: string, file: RootDatabase<Buffer, Buffer>, turns: Turns): Tables => {
  let closed = false;
  const access = <T>(work: () => T): T => {
    if (closed) throw new SluiceError('EVENT_LOG_UNAVAILABLE', `${url} was closed`);
    return sayingWhy(url, work);
  };
  const about = openTable(file, 'about');
  checkFormat(url, about);
  return {
    url,
    about,
    topics: openTable(file, 'topics'),
    partitions: openTable(file, 'partitions'),
    chunks: openTable(file, 'chunks'),
    keys: openTable(file, 'keys'),
    offsets: openTable(file, 'offsets'),
    leases: openTable(file, 'leases'),
    transactors: openTable(file, 'transactors'),
    read: (work) =>
      access(() => {
        file.resetReadTxn();
        return work();
      }),
    write: (work) => access(() => turns.take(() => file.transactionSync(work))),
    dropDeadReaders: () => access(() => file.readerCheck()),
    close: async () => {
      closed = true;
      using _ = turns;
      // After synchronous writes only, it is closed when this returns.
      await turns.take(() => file.close());
    },
  };
};
