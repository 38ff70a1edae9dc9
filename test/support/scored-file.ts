import { createWriteStream, existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { type AsyncBuffer, parquetReadObjects } from 'hyparquet';
import { type Running, startProcess } from './process.ts';

/** A row of an output file; a CSV's has texts. */
export type ScoredRow = Readonly<Record<string, unknown>>;

export const linesOf = (rows: Iterable<object>): string =>
  [...rows].map((row) => `${JSON.stringify(row)}\n`).join('');

export const readJsonl = async (path: string): Promise<ScoredRow[]> =>
  (await readFile(path, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ScoredRow);

/** Of files without quotes. */
export const readCsv = async (path: string): Promise<ScoredRow[]> => {
  const [names = [], ...rows] = (await readFile(path, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
  return rows.map((cells) => Object.fromEntries(cells.map((cell, index) => [names[index], cell])));
};

export const readParquet = async (path: string): Promise<ScoredRow[]> => {
  const bytes = await readFile(path);
  const file: AsyncBuffer = {
    byteLength: bytes.length,
    slice: (start, end) => new Uint8Array(bytes.subarray(start, end)).buffer,
  };
  return await parquetReadObjects({ file });
};

export const writeLines = async (path: string, lines: Iterable<string>): Promise<void> =>
  await pipeline(lines, createWriteStream(path));

/** Starts `sluice score-file …`, which is killed when it is disposed. */
export const startScoring = (server: string, args: readonly string[]): Running =>
  startProcess('cli/main.ts', {}, ['score-file', ...args, '--server', server]);

/** Rows that the journal of an interrupted run tells. */
export const rowsInJournal = (out: string): number => {
  const path = `${out}.partial/journal.jsonl`;
  if (!existsSync(path)) return 0;
  const [, ...parts] = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return parts.reduce((rows, line) => rows + (JSON.parse(line) as { rows: number }).rows, 0);
};
