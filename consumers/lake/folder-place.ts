import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { LakePlace } from './place.ts';

/** What is written survives a power loss, for the offset that is committed next may. */
const sync = async (path: string): Promise<void> => {
  await using file = await open(path, 'r');
  await file.sync();
};

const parquetFiles = async function* (root: string): AsyncGenerator<string> {
  const entries = await readdir(root, { withFileTypes: true, recursive: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  for (const entry of entries)
    if (entry.isFile() && entry.name.endsWith('.parquet'))
      yield relative(root, join(entry.parentPath, entry.name)).split(sep).join('/');
};

/** A lake in a folder of the local file system, which is made. */
export const openFolderPlace = async (url: string, root: string): Promise<LakePlace> => {
  // Beside the files: a rename is one act within a file system only. Readers pass over a leading dot.
  const scratch = join(root, '.writing');
  await mkdir(scratch, { recursive: true });
  return {
    url,
    scratch,
    paths: () => parquetFiles(root),
    put: async (path, localFile) => {
      const full = join(root, path);
      await mkdir(dirname(full), { recursive: true });
      await sync(localFile);
      await rename(localFile, full);
      await sync(dirname(full));
    },
    remove: (path) => rm(join(root, path), { force: true }),
  };
};
