import { join } from 'node:path';
import { type DuckDBConnection, DuckDBDataChunk, DuckDBInstance, UINTEGER } from '@duckdb/node-api';
import { type Column, columns } from './columns.ts';
import type { LakeRow } from './lake-row.ts';

/** Rows of one range of a partition, from which its files are written. */
export interface Staging {
  append(rows: readonly LakeRow[]): Promise<void>;
  /** Where the rows belong. */
  folders(): readonly string[];
  /** Writes those of a folder, in the order in which they came; resolves when the file is whole. */
  write(folder: string, file: string): Promise<void>;
  /** Forgets all rows. */
  clear(): Promise<void>;
}

/** One DuckDB in memory, which goes to the disk beyond its limit. */
export interface Engine extends AsyncDisposable {
  openStaging(name: string): Promise<Staging>;
}

/** A thread of the file's compression is enough for what a partition brings; each has buffers of its own. */
const threads = '1';
/**
 * Of the bytes of a file's records: so much more is needed to write it. Tensors are five times as long in JSON, and what is
 * written lies there in several forms at once; with less the largest files could never be written.
 */
const memoryPerByte = 32;
const leastMemory = 128 * 1024 ** 2;
/** Freed memory goes back to the system at once; by default 128 MB and more of it would be kept. */
const keptFree = '1MB';
/** As many rows as a chunk of DuckDB takes. */
const chunkRows = 2_048;
/** A row group is in memory while it is written, in several forms; two chunks of DuckDB. */
const groupRows = 4_096;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const declared = ({ name, type }: Column): string => `${quoted(name)} ${type}`;

/** Not of the files: the number of the folder in which a row belongs. */
const folderColumn = 'folder';

const chunkOf = (staged: readonly Column[], rows: readonly LakeRow[]): DuckDBDataChunk => {
  const types = staged.map(({ type }) => type);
  const chunk = DuckDBDataChunk.create(types, rows.length);
  chunk.setColumns(staged.map((column) => rows.map(column.of)));
  return chunk;
};

/** One after the other: what is written has buffers, and those of several files would be beyond the limit of memory. */
const oneAtATime = (): (<T>(act: () => Promise<T>) => Promise<T>) => {
  let last: Promise<unknown> = Promise.resolve();
  return (act) => {
    const result = last.then(act);
    last = result.catch(() => undefined);
    return result;
  };
};

const openStaging = async (
  connection: DuckDBConnection,
  name: string,
  inTurn: ReturnType<typeof oneAtATime>,
): Promise<Staging> => {
  const numbers = new Map<string, number>();
  const numberOf = (folder: string): number => {
    const number = numbers.get(folder) ?? numbers.size;
    numbers.set(folder, number);
    return number;
  };
  const staged: readonly Column[] = [
    ...columns,
    { name: folderColumn, type: UINTEGER, of: ({ folder }) => numberOf(folder) },
  ];
  const clear = async (): Promise<void> => {
    numbers.clear();
    await connection.run(`CREATE OR REPLACE TABLE ${quoted(name)} (${staged.map(declared).join(', ')})`);
  };
  await clear();
  return {
    append: async (rows) => {
      const appender = await connection.createAppender(name);
      for (let from = 0; from < rows.length; from += chunkRows)
        appender.appendDataChunk(chunkOf(staged, rows.slice(from, from + chunkRows)));
      appender.closeSync();
    },
    folders: () => [...numbers.keys()],
    write: async (folder, file) => {
      const names = columns.map((column) => quoted(column.name)).join(', ');
      const rows = `SELECT ${names} FROM ${quoted(name)} WHERE ${folderColumn} = ${numberOf(folder)}`;
      const format = `FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${groupRows}`;
      await inTurn(() => connection.run(`COPY (${rows}) TO ${literal(file)} (${format})`));
    },
    clear,
  };
};

/**
 * @param scratch a folder of the local disk for what is beyond the limit of memory
 * @param fileBytes after so many bytes of records a file ends
 */
export const openEngine = async (scratch: string, fileBytes: number): Promise<Engine> => {
  const memory = Math.max(leastMemory, memoryPerByte * fileBytes);
  const instance = await DuckDBInstance.create(':memory:', {
    threads,
    memory_limit: `${Math.ceil(memory / 1024 ** 2)}MiB`,
    allocator_flush_threshold: keptFree,
    allocator_bulk_deallocation_flush_threshold: keptFree,
    temp_directory: join(scratch, `duckdb-${process.pid}`),
    // Files are written as told; nothing is loaded from anywhere.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const stack = new AsyncDisposableStack();
  stack.defer(() => instance.closeSync());
  const inTurn = oneAtATime();
  return {
    openStaging: async (name) => {
      // Of its own: what is asked of a connection ends the question before, also one that is under way.
      const connection = await instance.connect();
      stack.defer(() => connection.closeSync());
      return openStaging(connection, name, inTurn);
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
};
