import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const dayMs = 86_400_000;

/** Removes what killed processes left in a scratch folder; what is younger than a day may be somebody's work. */
export const sweepScratch = async (folder: string): Promise<void> => {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const info = await stat(path).catch(() => undefined);
    if (info !== undefined && info.mtimeMs < Date.now() - dayMs)
      await rm(path, { recursive: true, force: true });
  }
};
