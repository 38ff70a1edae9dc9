import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

const revisions = '_revisions';

/**
 * Copies the release folders `<from>/<model>/<version>` that `to` lacks, and its revisions where `to` has none, and
 * returns their names (`churn/1.0.0`, `_revisions`). Each appears whole or not at all (copied aside, then renamed),
 * and one that is there is never touched. A missing `from` is an empty one.
 *
 * Where there are revisions already, a model that is there gets no further version: the revisions of `to` may not say
 * which one is its default, and a new one would become it. Revisions come last, so that a copy that was cut short is
 * taken up again.
 */
export const seedStore = async (from: string, to: string): Promise<string[]> => {
  const isRevised = existsSync(join(to, revisions));
  const seeded: string[] = [];
  for (const model of await listFolders(from)) {
    const present = await listFolders(join(to, model));
    if (isRevised && present.length > 0) continue;
    const missing = (await listFolders(join(from, model))).filter((version) => !present.includes(version));
    for (const version of missing)
      if (await copyWhole(join(from, model, version), join(to, model), version))
        seeded.push(`${model}/${version}`);
  }
  const isCopied =
    existsSync(join(from, revisions)) && (await copyWhole(join(from, revisions), to, revisions));
  return isCopied ? [...seeded, revisions] : seeded;
};

/** False if another process was quicker. */
const copyWhole = async (source: string, parent: string, name: string): Promise<boolean> => {
  await mkdir(parent, { recursive: true });
  // The leading dot hides the unfinished copy from whoever lists releases.
  const unfinished = join(parent, `.${name}.${randomUUID()}.seeding`);
  try {
    await cp(source, unfinished, { recursive: true });
    await rename(unfinished, join(parent, name));
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
