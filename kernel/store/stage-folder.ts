import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { StoredFile } from './store.ts';

const isTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'EEXIST');

/** Writes a file and waits until the disk has it. */
const writeFlushed = async (path: string, file: StoredFile): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  const handle = await open(path, 'wx');
  try {
    for await (const chunk of file.open()) await handle.writeFile(chunk);
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/** What a rename has done is on the disk once its folder is. */
const flushFolder = async (path: string): Promise<void> => {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/**
 * Makes a folder whole or not at all: its files are written aside, into `staging`, and one rename puts
 * them where they belong. rename(2) replaces an empty folder and refuses one that holds anything.
 * @returns false: the folder exists.
 */
export const stageFolder = async (
  staging: string,
  files: readonly StoredFile[],
  target: string,
): Promise<boolean> => {
  try {
    for (const file of files) await writeFlushed(join(staging, file.path), file);
    await mkdir(dirname(target), { recursive: true });
    await rename(staging, target);
    await flushFolder(dirname(target));
    return true;
  } catch (error) {
    if (isTaken(error)) return false;
    throw error;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
};
