import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const prefix = 'sluice-publish-';

/** A folder for one package; it goes when the publication ends. */
export interface Staging extends AsyncDisposable {
  readonly folder: string;
}

/** @param parent undefined: the system's folder for temporary files. */
export const openStaging = async (parent = tmpdir()): Promise<Staging> => {
  const folder = join(parent, `${prefix}${randomUUID()}`);
  await mkdir(parent, { recursive: true });
  await mkdir(folder, { mode: 0o700 });
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
};

/** Removes what gateways left that were killed: folders that are older than any publication gets. */
export const sweepStaging = async (parent = tmpdir(), olderThanMs: number): Promise<void> => {
  const names = await readdir(parent).catch(() => []);
  const before = Date.now() - olderThanMs;
  for (const name of names.filter((each) => each.startsWith(prefix))) {
    const folder = join(parent, name);
    // Only the folder of its model was made in it since.
    const begun = await stat(folder).then(
      ({ mtimeMs }) => mtimeMs,
      () => Number.POSITIVE_INFINITY,
    );
    if (begun < before) await rm(folder, { recursive: true, force: true });
  }
};
