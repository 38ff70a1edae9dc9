import { fileStore } from '@sluice/kernel/store/file-store';
import type { Store } from '@sluice/kernel/store/store';

/** What begins with a dot stays behind. */
const isPublished = (path: string): boolean => !path.split('/').some((name) => name.startsWith('.'));

/**
 * A package as if it lay in a store, and nothing else with it: the server's own code reads it there, and no
 * file is copied. It cannot be written to.
 */
export const packageStore = (folder: string, model: string, version: string): Store => {
  const inner = fileStore(`file:${folder}`);
  const home = `${model}/${version}`;
  const readOnly = (): never => {
    throw new Error(`${folder} is only read`);
  };
  const inside = (path: string): string => {
    if (path.startsWith(`${home}/`)) return path.slice(home.length + 1);
    throw new Error(`${path} is not in the package`);
  };
  const store: Store = {
    url: inner.url,
    folders: async (path) => {
      if (path === '') return [model];
      return path === model ? [version] : [];
    },
    files: async (path) => (path === home ? (await inner.files('')).filter(isPublished) : []),
    read: async (path) => inner.read(inside(path)),
    open: async function* (path) {
      yield* inner.open(inside(path));
    },
    tag: () => inner.tag(''),
    create: readOnly,
    createFolder: readOnly,
    localFolder: async () => folder,
    look: async () => store,
  };
  return store;
};
