import { ftruncate, type write } from 'node:fs';

/**
 * Writes all of the bytes at that place of a file, whose end it is. After a failure the file is cut there; what a file
 * that cannot be cut has of them lies behind the end, and is written over.
 */
export const writeWhole = (
  writeSome: typeof write,
  fd: number,
  bytes: Buffer,
  at: number,
  done: (error: Error | null) => void,
): void => {
  const writeFrom = (from: number): void =>
    writeSome(fd, bytes, from, bytes.length - from, at + from, (error, written) => {
      if (error === null && from + written === bytes.length) done(null);
      else if (error === null && written > 0) writeFrom(from + written);
      else ftruncate(fd, at, () => done(error ?? new Error('nothing was written')));
    });
  writeFrom(0);
};
