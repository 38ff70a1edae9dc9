import { createHash } from 'node:crypto';
import type { StoredObject } from './bucket.ts';
import type { Objects } from './objects.ts';
import { type PackedFile, packedName } from './packed-folder.ts';

/** Where the bytes of a file are: in a blob, or in an object of its own. */
export type Source = { readonly blob: PackedFile } | { readonly key: string; readonly object?: StoredObject };

/** A file with its path relative to the folder that was asked about. */
export interface Sourced {
  readonly path: string;
  readonly source: Source;
}

/** `a/b/c` → `a`, `a/b`. */
const foldersAbove = (path: string): string[] => {
  const names = path.split('/');
  return names.map((_, index) => names.slice(0, index).join('/')).slice(1);
};

const packedFiles = async (objects: Objects, folder: string, start: string): Promise<Sourced[]> => {
  const files = [...((await objects.packed(folder)) ?? [])];
  return files.map(([path, blob]) => ({ path: `${start}${path}`, source: { blob } }));
};

/** Files of packed folders above, as far as they are below a folder. */
const filesFromAbove = async (objects: Objects, folder: string): Promise<Sourced[]> => {
  const found: Sourced[] = [];
  for (const above of foldersAbove(folder)) {
    const start = `${folder.slice(above.length + 1)}/`;
    for (const { path, source } of await packedFiles(objects, above, ''))
      if (path.startsWith(start)) found.push({ path: path.slice(start.length), source });
  }
  return found;
};

const inFolder = (folder: string, path: string): string => (folder === '' ? path : `${folder}/${path}`);

/** What one object is: a file, a packed folder of files, or nothing. */
const filesOf = async (objects: Objects, object: StoredObject, cut: number): Promise<Sourced[]> => {
  const path = object.key.slice(cut);
  // Consoles of S3 make folders as empty objects.
  if (path === '' || path.endsWith('/')) return [];
  if (!isPacked(path)) return [{ path, source: { key: object.key, object } }];
  const start = path.slice(0, -packedName.length);
  return packedFiles(objects, object.key.slice(0, -packedName.length - 1), start);
};

const isPacked = (path: string): boolean => path === packedName || path.endsWith(`/${packedName}`);

/** All files below a folder; a packed one wins over an object of the same path. */
export const filesBelow = async (objects: Objects, folder: string): Promise<Sourced[]> => {
  const cut = inFolder(folder, '').length;
  const found: Sourced[] = [];
  for (const object of await objects.below(folder)) found.push(...(await filesOf(objects, object, cut)));
  found.push(...(await filesFromAbove(objects, folder)));
  const byPath = new Map<string, Sourced>();
  for (const file of found) if ('blob' in file.source || !byPath.has(file.path)) byPath.set(file.path, file);
  return [...byPath.values()];
};

const firstName = (path: string): string[] => (path.includes('/') ? [path.slice(0, path.indexOf('/'))] : []);

/** Names of the folders in a folder, but for hidden ones. Packed folders below need not be read for that. */
export const folderNames = async (objects: Objects, folder: string): Promise<string[]> => {
  const cut = inFolder(folder, '').length;
  const paths = (await objects.below(folder)).map(({ key }) => key.slice(cut));
  const packed = paths.includes(packedName) ? await packedFiles(objects, folder, '') : [];
  const above = await filesFromAbove(objects, folder);
  const all = [...paths, ...[...packed, ...above].map(({ path }) => path)];
  return [...new Set(all.flatMap(firstName))].filter((name) => !name.startsWith('.'));
};

/** Where a file is; undefined: there is none. */
export const findFile = async (objects: Objects, path: string): Promise<Source | undefined> => {
  for (const above of foldersAbove(path)) {
    const blob = (await objects.packed(above))?.get(path.slice(above.length + 1));
    if (blob !== undefined) return { blob };
  }
  const object = objects.find(path);
  return objects.mayHave(path) ? { key: path, ...(object && { object }) } : undefined;
};

/** Changes with any object below a folder. */
export const tagOf = async (objects: Objects, folder: string): Promise<string> => {
  const hash = createHash('sha256');
  for (const { key, size, etag } of await objects.below(folder)) hash.update(`${key}\0${size}\0${etag}\0`);
  return hash.digest('hex');
};
