import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { unreadableFile } from '../command-failure.ts';
import type { Terminal } from '../terminal.ts';

export interface FileLines {
  readonly lines: AsyncIterable<string>;
  /** How much of the file has been read, from 0 to 1. */
  readonly part: () => number;
}

const linesOf = async function* (text: string): AsyncGenerator<string> {
  yield* text.split(/\r?\n/);
};

/**
 * The lines of a file, as they are asked for; `-` is stdin.
 * @throws CommandFailure UNREADABLE_FILE
 */
export const linesOfFile = async (path: string, terminal: Terminal): Promise<FileLines> => {
  if (path === '-') return { lines: linesOf(await terminal.readInput()), part: () => 1 };
  const { size } = await stat(path).catch((error: unknown) => {
    throw unreadableFile(path, error);
  });
  const bytes = createReadStream(path);
  const read = async function* (): AsyncGenerator<string> {
    try {
      yield* createInterface({ input: bytes, crlfDelay: Number.POSITIVE_INFINITY });
    } catch (error) {
      throw unreadableFile(path, error);
    }
  };
  return { lines: read(), part: () => (size === 0 ? 1 : bytes.bytesRead / size) };
};
