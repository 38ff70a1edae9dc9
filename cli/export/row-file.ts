import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Cell, Row } from './flatten-prediction.ts';

/** Lines gather up to so many characters before they are written. */
const bufferedCharacters = 1024 * 1024;

/** A text file that is written line by line; what cannot be written is an error of the next call. */
export interface LineFile extends AsyncDisposable {
  readonly write: (line: string) => Promise<void> | void;
  /** Everything is on the disk. */
  readonly finish: () => Promise<void>;
}

/** @throws Error of the system, when the file cannot be made */
export const openLineFile = async (path: string): Promise<LineFile> => {
  const file: FileHandle = await open(path, 'w');
  let lines: string[] = [];
  let characters = 0;
  const flush = async (): Promise<void> => {
    const text = lines.join('');
    [lines, characters] = [[], 0];
    await file.appendFile(text);
  };
  return {
    write: (line) => {
      lines.push(line, '\n');
      characters += line.length + 1;
      return characters < bufferedCharacters ? undefined : flush();
    },
    finish: async () => {
      await flush();
      await file.sync();
    },
    [Symbol.asyncDispose]: () => file.close(),
  };
};

export const jsonLine = (row: Row): string => JSON.stringify(Object.fromEntries(row));

/** The rows that were written by jsonLine; one in memory at a time. */
export async function* readRows(path: string): AsyncGenerator<Row> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines)
    yield new Map(Object.entries(JSON.parse(line) as Readonly<Record<string, Cell>>));
}
