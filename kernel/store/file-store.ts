import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { insidePath } from './inside.ts';
import { stageFolder } from './stage-folder.ts';
import type { Store } from './store.ts';
import { onDisk } from './unavailable.ts';

const folderOf = (url: string): string =>
  url.startsWith('file://') ? fileURLToPath(url) : resolve(url.slice('file:'.length));

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

const folderNames = async (folder: string): Promise<string[]> => {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => entry.name);
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return [];
    throw error;
  }
};

const filePaths = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return [];
    throw error;
  });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
};

/** A change of a file changes its ctime, whatever its other times say. */
const tagOf = async (folder: string): Promise<string> => {
  const hash = createHash('sha256');
  for (const path of (await filePaths(folder)).sort()) {
    const { size, ctimeNs, ino } = await stat(join(folder, path), { bigint: true });
    hash.update(`${path}\0${size}\0${ctimeNs}\0${ino}\0`);
  }
  return hash.digest('hex');
};

/** A hard link to a finished temporary file is atomic and fails when the name is taken. */
const createFile = async (path: string, bytes: Uint8Array): Promise<boolean> => {
  await mkdir(dirname(path), { recursive: true });
  const temporary = join(dirname(path), `.${randomUUID()}`);
  try {
    await writeFile(temporary, bytes, { flush: true });
    await link(temporary, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
};

/** A store in a folder of the local file system. A path that leads out of it is refused. */
export const fileStore = (url: string): Store => {
  const root = folderOf(url);
  const at = async (path: string): Promise<string> => join(root, insidePath(path));
  const store: Store = {
    url,
    folders: async (path) => folderNames(await at(path)),
    files: async (path) => filePaths(await at(path)),
    read: async (path) => readFile(await at(path)),
    open: async function* (path) {
      yield* createReadStream(await at(path));
    },
    tag: async (path) => tagOf(await at(path)),
    create: async (path, bytes) => {
      const full = await at(path);
      return onDisk(url, () => createFile(full, bytes));
    },
    createFolder: async (path, files) => stageFolder(root, files, await at(path), url),
    localFolder: at,
    // Its lists cost next to nothing.
    look: async () => store,
  };
  return store;
};
