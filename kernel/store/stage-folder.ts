import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { checkFiles } from './inside.ts';
import type { StoredFile } from './store.ts';
import { onDisk } from './unavailable.ts';

/** Where folders are written before they are moved; in the same file system, and not listed. */
export const stagingFolder = '.staging';
/** What is older was left by a process that was killed. */
const leftoverMs = 24 * 60 * 60_000;

/** A name in it that nobody else has. */
export const newStaging = (root: string): string => join(root, stagingFolder, randomUUID());

const isTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'EEXIST');

/** Writes a file and waits until the disk has it. */
const writeFlushed = async (path: string, file: StoredFile, place: string): Promise<void> => {
  const handle = await onDisk(place, async () => {
    await mkdir(dirname(path), { recursive: true });
    return open(path, 'wx');
  });
  try {
    for await (const chunk of file.open()) await onDisk(place, () => handle.writeFile(chunk));
    await onDisk(place, () => handle.sync());
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

const moveTo = async (staging: string, target: string): Promise<boolean> => {
  await mkdir(dirname(target), { recursive: true });
  try {
    await rename(staging, target);
  } catch (error) {
    if (isTaken(error)) return false;
    throw error;
  }
  await flushFolder(dirname(target));
  return true;
};

/** Removes what killed processes have left; it is in nobody's way, so that a failure is no fault. */
const sweep = async (root: string): Promise<void> => {
  const folder = join(root, stagingFolder);
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (mtimeMs < Date.now() - leftoverMs) await rm(path, { recursive: true, force: true }).catch(() => {});
  }
};

/**
 * Makes a folder whole or not at all: its files are written aside, into `.staging` of the root, and one
 * rename puts them where they belong. rename(2) replaces an empty folder and refuses one that holds anything.
 * @param place what an error says could not be written.
 * @returns false: the folder exists.
 * @throws Error for files that cannot be read, or that cannot make a folder; SluiceError
 *   STORE_UNAVAILABLE for a disk that takes no more.
 */
export const stageFolder = async (
  root: string,
  files: readonly StoredFile[],
  target: string,
  place: string,
): Promise<boolean> => {
  checkFiles(files);
  await sweep(root);
  const staging = newStaging(root);
  try {
    for (const file of files) await writeFlushed(join(staging, file.path), file, place);
    return await onDisk(place, () => moveTo(staging, target));
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
};
