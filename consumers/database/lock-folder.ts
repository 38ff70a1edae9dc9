import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { lockFile } from '@sluice/kernel/lifecycle/lock-file';

/**
 * Makes sure that no other process has the database of a folder open: two would destroy it.
 * @throws Error naming the folder when one has
 */
export const lockFolder = async (folder: string): Promise<AsyncDisposable> => {
  await mkdir(folder, { recursive: true });
  // Beside the folder: what lies in it is PostgreSQL's.
  const lock = await lockFile(`${join(folder)}.lock`);
  if (lock === undefined) throw new Error(`${folder} is the database of another process that runs`);
  return lock;
};
