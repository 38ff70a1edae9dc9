import type { StoredFile } from './store.ts';

const isInside = (path: string): boolean =>
  !path.includes('\0') && path.split('/').every((name) => name !== '' && name !== '.' && name !== '..');

/**
 * A path below the root of a store as it stands in keys: without slashes at its ends; '' is the root.
 * @throws Error when it leads elsewhere.
 */
export const insidePath = (path: string): string => {
  const trimmed = path.replace(/\/+$/, '');
  if (trimmed === '' || isInside(trimmed)) return trimmed;
  throw new Error(`${path} leaves the store`);
};

const withParents = (path: string): string[] => {
  const names = path.split('/');
  return names.map((_, index) => names.slice(0, index).join('/')).slice(1);
};

/**
 * Whether files can make a folder.
 * @throws Error for none, for a path that leaves the folder, and for one that is there twice, as a folder too.
 */
export const checkFiles = (files: readonly StoredFile[]): void => {
  if (files.length === 0) throw new Error('a folder without files cannot be stored');
  const paths = new Set<string>();
  for (const { path } of files) {
    if (!isInside(path)) throw new Error(`${path} leaves its folder`);
    if (paths.has(path)) throw new Error(`${path} is there twice`);
    paths.add(path);
  }
  const folder = files.flatMap(({ path }) => withParents(path)).find((each) => paths.has(each));
  if (folder !== undefined) throw new Error(`${folder} cannot be both a file and a folder`);
};
