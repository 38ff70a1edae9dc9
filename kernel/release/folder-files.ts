import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { DigestedFile } from './digest.ts';

/** Of each that does not begin with a dot, below the folder or in folders that do not. */
const pathsBelow = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const paths = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
  return paths.filter((path) => !path.split('/').some((name) => name.startsWith('.'))).sort();
};

const digestedFile = async (folder: string, path: string): Promise<DigestedFile> => {
  const full = join(folder, path);
  if (!(await stat(full)).isFile()) throw new Error(`${path} is no file`);
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of createReadStream(full)) {
    const bytes = chunk as Buffer;
    hash.update(bytes);
    size += bytes.length;
  }
  return { path, size, sha256: hash.digest('hex') };
};

/**
 * The files of a package as they lie in a folder of the local file system; what begins with a dot is none of them.
 * @throws Error when the folder cannot be read, or leads to something that is no file.
 */
export const readFolderFiles = async (folder: string): Promise<DigestedFile[]> => {
  const files: DigestedFile[] = [];
  for (const path of await pathsBelow(folder)) files.push(await digestedFile(folder, path));
  return files;
};
