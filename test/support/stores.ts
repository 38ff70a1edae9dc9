import { skipS3 } from '@sluice/kernel/testing/s3-server';
import { putterOf, sharedS3 } from '@sluice/kernel/testing/store-kinds';
import type { Environment } from './sluice.ts';
import { type TemporaryStore, temporaryStore } from './store.ts';

/** A store of a test, and what processes need to reach it. */
export interface ReachableStore extends TemporaryStore {
  readonly env: Environment;
}

type Files = Parameters<typeof temporaryStore>[0];

/** A place in a bucket, with a cache of its own; `folder` is where the server keeps its objects. */
const temporaryBucket = async (files: Files = {}): Promise<ReachableStore> => {
  const cache = await temporaryStore();
  const server = await sharedS3();
  const url = server.newUrl();
  const put = putterOf(url);
  for (const [path, content] of Object.entries(files)) await put(path, content);
  return {
    url,
    folder: `${server.folder}/${url.split('/').at(-1)}`,
    put,
    env: { ...server.env, STORE_CACHE: cache.folder },
    [Symbol.asyncDispose]: () => cache[Symbol.asyncDispose](),
  };
};

/** A kind of store that Sluice runs on. */
export interface StoreKind {
  readonly name: string;
  /** Why not; false: it runs. */
  readonly skip: string | false;
  readonly open: (files?: Files) => Promise<ReachableStore>;
}

export const aFolder: StoreKind = {
  name: 'a folder',
  skip: false,
  open: async (files) => ({ ...(await temporaryStore(files)), env: {} }),
};

export const bothStores: readonly StoreKind[] = [
  aFolder,
  { name: 'S3', skip: skipS3, open: temporaryBucket },
];
