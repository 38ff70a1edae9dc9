import type { Store } from './store.ts';

/** A store that is opened when it is first asked: a client that is not used is not loaded. */
export const lazyStore = (url: string, open: () => Promise<Store>): Store => {
  let opening: Promise<Store> | undefined;
  const opened = (): Promise<Store> => {
    opening ??= open();
    return opening;
  };
  return {
    url,
    folders: async (path) => (await opened()).folders(path),
    files: async (path) => (await opened()).files(path),
    read: async (path) => (await opened()).read(path),
    open: async function* (path) {
      yield* (await opened()).open(path);
    },
    tag: async (path) => (await opened()).tag(path),
    create: async (path, bytes) => (await opened()).create(path, bytes),
    createFolder: async (path, files) => (await opened()).createFolder(path, files),
    localFolder: async (path) => (await opened()).localFolder(path),
    look: async () => (await opened()).look(),
  };
};
