import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SluiceError } from '../../errors/sluice-error.ts';
import { type FolderLock, lockFolder } from './lock.ts';
import { reasonOf } from './reason.ts';

/** The folder in which the spools of a machine lie, each named by its id. */

const idPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The ids of the spools that are there. */
export const spoolIds = async (root: string): Promise<string[]> =>
  (await readdir(root)).filter((name) => idPattern.test(name)).sort();

/** A new spool; nobody sees it before it is locked. */
const createFolder = async (root: string): Promise<FolderLock> => {
  const id = randomUUID();
  const hidden = join(root, `.new-${id}`);
  await mkdir(hidden);
  const lock = await lockFolder(hidden, 'wx');
  if (lock === undefined) throw new Error(`${hidden} cannot be locked`);
  await rename(hidden, join(root, id));
  return { ...lock, folder: join(root, id) };
};

/**
 * The first spool whose gateway is gone, else a new one.
 * @throws SluiceError SPOOL_UNAVAILABLE
 */
export const takeFolder = async (root: string): Promise<FolderLock> => {
  try {
    await mkdir(root, { recursive: true });
    for (const id of await spoolIds(root)) {
      const lock = await lockFolder(join(root, id), 'r+');
      if (lock !== undefined) return lock;
    }
    return await createFolder(root);
  } catch (error) {
    throw new SluiceError('SPOOL_UNAVAILABLE', `the folder ${root} cannot hold a spool: ${reasonOf(error)}`, {
      cause: error,
    });
  }
};

/** Removes a spool; from its first step on nobody sees it. */
export const removeFolder = async (lock: FolderLock, id: string): Promise<void> => {
  const hidden = join(dirname(lock.folder), `.gone-${id}`);
  await rename(lock.folder, hidden);
  await rm(hidden, { recursive: true, force: true });
  await lock[Symbol.asyncDispose]();
};

/** What a process left that ended while it removed a spool. */
export const sweep = async (root: string): Promise<void> => {
  for (const name of await readdir(root))
    if (name.startsWith('.gone-')) await rm(join(root, name), { recursive: true, force: true });
};
