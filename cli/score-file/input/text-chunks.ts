import { createReadStream } from 'node:fs';

export interface TextFile {
  readonly chunks: AsyncIterable<string>;
  readonly part: () => number;
}

const chunkBytes = 64 * 1024;

/** The text of a file, a chunk at a time. */
export const textFile = (path: string, totalBytes: number): TextFile => {
  const stream = createReadStream(path, { encoding: 'utf8', highWaterMark: chunkBytes });
  return {
    chunks: stream,
    part: () => (totalBytes === 0 ? 1 : stream.bytesRead / totalBytes),
  };
};
