import { open } from 'node:fs/promises';
import zlib from 'node:zlib';
import {
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetScan,
  type SchemaElement,
} from 'hyparquet';
import { usageFailure } from '../../command-failure.ts';
import type { ColumnKind, Fields, Input, InputColumn, InputRow } from './input.ts';

/** What is unpacked at once: a row group of other writers may be the whole file. */
const sliceBytes = 16 * 1024 * 1024;
const [fewestRows, mostRows] = [1_000, 50_000];
/** Rows that are handed on together. */
const atOnce = 256;

/** Snappy and no compression at all are built into hyparquet. */
const compressors: Compressors = {
  GZIP: (packed) => zlib.gunzipSync(packed),
  BROTLI: (packed) => zlib.brotliDecompressSync(packed),
  // Not before Node 22.15.
  ...('zstdDecompressSync' in zlib && { ZSTD: (packed: Uint8Array) => zlib.zstdDecompressSync(packed) }),
};

const kindOf = ({
  type,
  converted_type: converted,
  logical_type: logical,
  num_children: children,
}: SchemaElement): ColumnKind => {
  if (children !== undefined && children > 0) return 'json';
  if (logical?.type === 'TIMESTAMP' || converted?.startsWith('TIMESTAMP')) return 'time';
  if (logical?.type === 'DATE' || converted === 'DATE' || type === 'INT96') return 'time';
  if (converted === 'DECIMAL' || type === 'DOUBLE' || type === 'FLOAT' || logical?.type === 'FLOAT16')
    return 'number';
  if (type === 'INT32' || type === 'INT64') return 'integer';
  return type === 'BOOLEAN' ? 'boolean' : 'text';
};

/** The elements below the root, without what is below these. */
const topElements = ({ schema }: FileMetaData): SchemaElement[] => {
  const tops: SchemaElement[] = [];
  let within = 0;
  for (const element of schema.slice(1)) {
    if (within === 0) tops.push(element);
    else within -= 1;
    within += element.num_children ?? 0;
  }
  return tops;
};

const plainOf = (value: unknown): unknown => {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  // As pandas says that there is none.
  if (value === null || Number.isNaN(value)) return undefined;
  return value;
};

const fileBuffer = async (path: string, byteLength: number): Promise<AsyncBuffer & AsyncDisposable> => {
  const file = await open(path);
  return {
    byteLength,
    slice: async (start, end = byteLength) => {
      const bytes = new Uint8Array(Math.min(end, byteLength) - start);
      let at = 0;
      while (at < bytes.length) {
        const { bytesRead } = await file.read(bytes, at, bytes.length - at, start + at);
        if (bytesRead === 0) throw new Error('the file became shorter while it was read');
        at += bytesRead;
      }
      return bytes.buffer;
    },
    [Symbol.asyncDispose]: () => file.close(),
  };
};

const rowsOfSlice = ({
  num_rows: rows,
  total_byte_size: bytes,
}: FileMetaData['row_groups'][number]): number =>
  Math.min(
    mostRows,
    Math.max(fewestRows, Math.floor((sliceBytes * Number(rows)) / Math.max(1, Number(bytes)))),
  );

/** Ranges of rows, none of them across two row groups. */
function* slicesOf(
  { row_groups: groups }: FileMetaData,
  skip: number,
): Generator<[start: number, end: number]> {
  let start = 0;
  for (const group of groups) {
    const [end, rows] = [start + Number(group.num_rows), rowsOfSlice(group)];
    for (let at = Math.max(start, skip); at < end; at += rows) yield [at, Math.min(end, at + rows)];
    start = end;
  }
}

const rowAt = (
  index: number,
  columns: readonly InputColumn[],
  data: readonly ArrayLike<unknown>[],
): InputRow => {
  const fields: Record<number | string, unknown> = {};
  for (const [place, { key }] of columns.entries()) fields[key] = plainOf(data[place]?.[index]);
  return { fields: fields as Fields };
};

async function* rowsOf(
  path: string,
  metadata: FileMetaData,
  totalBytes: number,
  {
    skip,
    columns,
    report,
  }: {
    readonly skip: number;
    readonly columns: readonly InputColumn[];
    readonly report: (row: number) => void;
  },
): AsyncGenerator<InputRow[]> {
  await using file = await fileBuffer(path, totalBytes);
  const scan = await parquetScan({ file, metadata, compressors, columns: columns.map(({ name }) => name) });
  for (const [rowStart, rowEnd] of slicesOf(metadata, skip)) {
    const data: ArrayLike<unknown>[] = [];
    // One after the other: the packed bytes of only one column are in memory.
    for (const { name } of columns) data.push(await scan.readColumn({ column: name, rowStart, rowEnd }));
    for (let at = 0; at < rowEnd - rowStart; at += atOnce) {
      const rows = Math.min(atOnce, rowEnd - rowStart - at);
      report(rowStart + at + rows);
      yield Array.from({ length: rows }, (_, index) => rowAt(at + index, columns, data));
    }
  }
}

/** @throws CommandFailure USAGE where it is no Parquet */
export const openParquet = async (path: string, totalBytes: number): Promise<Input> => {
  const metadata = await readMetadata(path, totalBytes);
  const total = Number(metadata.num_rows);
  const columns = topElements(metadata).map(
    (element, key): InputColumn => ({
      name: element.name,
      key,
      kind: kindOf(element),
    }),
  );
  let read = 0;
  const report = (row: number): void => {
    read = row;
  };
  return {
    columns,
    part: () => (total === 0 ? 1 : read / total),
    rows: (skip, chosen) => {
      report(skip);
      return rowsOf(path, metadata, totalBytes, { skip, columns: chosen, report });
    },
  };
};

const readMetadata = async (path: string, totalBytes: number): Promise<FileMetaData> => {
  await using file = await fileBuffer(path, totalBytes);
  try {
    return await parquetMetadataAsync(file);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw usageFailure(`${path} is no Parquet file that can be read: ${why}`);
  }
};
