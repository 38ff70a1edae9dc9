import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Job } from '../output/journal.ts';

const sampleBytes = 64 * 1024;

/** What tells whether a file is the one of before: its place, size and time, and a digest of its beginning and end. */
export const inputIdentity = async (path: string): Promise<Job['input']> => {
  const file = await open(path);
  try {
    const { size, mtimeMs } = await file.stat();
    const hash = createHash('sha256');
    for (const position of [0, Math.max(0, size - sampleBytes)]) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(sampleBytes), 0, sampleBytes, position);
      hash.update(buffer.subarray(0, bytesRead));
    }
    return { path: resolve(path), bytes: size, modifiedMs: mtimeMs, digest: hash.digest('hex') };
  } finally {
    await file.close();
  }
};
