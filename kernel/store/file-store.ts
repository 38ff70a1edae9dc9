import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stageFolder } from './stage-folder.ts';
import type { Store } from './store.ts';

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
  const at = async (path: string): Promise<string> => {
    const full = join(root, path);
    if (full === root || full.startsWith(join(root, sep))) return full;
    throw new Error(`${path} leaves the store`);
  };
  return {
    url,
    folders: async (path) => folderNames(await at(path)),
    files: async (path) => filePaths(await at(path)),
    read: async (path) => readFile(await at(path)),
    create: async (path, bytes) => createFile(await at(path), bytes),
    createFolder: async (path, files) =>
      stageFolder(join(root, '.staging', randomUUID()), files, await at(path)),
    localFolder: at,
  };
};
