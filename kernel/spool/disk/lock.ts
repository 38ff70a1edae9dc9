import { type FileHandle, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { tryLock } from 'fs-native-extensions';
import { codeOf } from './reason.ts';

/**
 * The operating system's lock on a spool's folder, which the death of the process ends. It belongs to the open file, so
 * that two spools of one process keep each other out, too.
 */
export interface FolderLock extends AsyncDisposable {
  readonly folder: string;
}

const lockName = 'lock';

/** Whether the file is still the one that has the name: who removes a folder holds its lock until it is gone. */
const isCurrent = async (handle: FileHandle, path: string): Promise<boolean> => {
  try {
    const [opened, named] = await Promise.all([handle.stat({ bigint: true }), stat(path, { bigint: true })]);
    return opened.ino === named.ino && opened.dev === named.dev;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
};

const openLock = async (path: string, flags: string): Promise<FileHandle | undefined> => {
  try {
    return await open(path, flags);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
};

/** undefined: somebody else has it, or the folder is no spool. @param flags `wx` for a new folder */
export const lockFolder = async (folder: string, flags: 'wx' | 'r+'): Promise<FolderLock | undefined> => {
  const path = join(folder, lockName);
  const handle = await openLock(path, flags);
  if (handle === undefined) return undefined;
  if (tryLock(handle.fd) && (await isCurrent(handle, path)))
    return { folder, [Symbol.asyncDispose]: () => handle.close() };
  await handle.close();
  return undefined;
};
