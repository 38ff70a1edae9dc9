import { randomUUID } from 'node:crypto';
import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Copies the release folders `<from>/<model>/<version>` that `to` lacks, and returns their names
 * (`churn/1.0.0`). A release appears whole or not at all (copied aside, then renamed), and one that is
 * there is never touched. A missing `from` is an empty one.
 */
export const seedStore = async (from: string, to: string): Promise<string[]> => {
  const seeded: string[] = [];
  for (const model of await listFolders(from)) {
    const present = new Set(await listFolders(join(to, model)));
    for (const version of await listFolders(join(from, model))) {
      if (present.has(version)) continue;
      if (await copyRelease(join(from, model, version), join(to, model), version)) {
        seeded.push(`${model}/${version}`);
      }
    }
  }
  return seeded;
};

/** False if another process was quicker. */
const copyRelease = async (source: string, modelFolder: string, version: string): Promise<boolean> => {
  await mkdir(modelFolder, { recursive: true });
  // The leading dot hides the unfinished copy from whoever lists releases.
  const unfinished = join(modelFolder, `.${version}.${randomUUID()}.seeding`);
  try {
    await cp(source, unfinished, { recursive: true });
    await rename(unfinished, join(modelFolder, version));
    return true;
  } catch (error) {
    if (isOneOf(error, ['ENOTEMPTY', 'EEXIST'])) return false;
    throw error;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
};

const listFolders = async (folder: string): Promise<string[]> => {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory() && !/^[._]/.test(entry.name));
    return folders.map((entry) => entry.name).sort();
  } catch (error) {
    if (isOneOf(error, ['ENOENT'])) return [];
    throw error;
  }
};

const isOneOf = (error: unknown, codes: readonly string[]): boolean => {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
};
