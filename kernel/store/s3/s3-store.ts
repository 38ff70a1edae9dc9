import { checkFiles, insidePath } from '../inside.ts';
import type { Store, StoredFile } from '../store.ts';
import type { Bucket } from './bucket.ts';
import { type CacheOptions, type FolderCache, folderCache } from './folder-cache.ts';
import { filesBelow, findFile, folderNames, type Source, tagOf } from './object-tree.ts';
import { currentObjects, type KnownFolders, type Objects, readAll, seenObjects } from './objects.ts';
import { openBucket } from './open-bucket.ts';
import { encodePacked, type PackedFile, packedName } from './packed-folder.ts';
import type { BucketName } from './parse-url.ts';
import { putBlob } from './put-blob.ts';
import { readSource } from './read-source.ts';

type Reading = Pick<Store, 'folders' | 'files' | 'read' | 'open' | 'tag' | 'localFolder'>;

/** The reading half of a store, over its objects of now or of one moment. */
const readingOf = (bucket: Bucket, objects: Objects, cache: FolderCache): Reading => {
  const below = (path: string) => filesBelow(objects, insidePath(path));
  const fetch = (source: Source) => readSource(bucket, source);
  const sourceOf = async (path: string): Promise<Source> => {
    const source = await findFile(objects, insidePath(path));
    if (source === undefined) throw new Error(`there is no ${path} in ${bucket.url}`);
    return source;
  };
  return {
    folders: async (path) => folderNames(objects, insidePath(path)),
    files: async (path) => (await below(path)).map((file) => file.path),
    read: async (path) => {
      const source = await sourceOf(path);
      return (await cache.read(bucket.url, source)) ?? readAll(fetch(source));
    },
    open: async function* (path) {
      yield* fetch(await sourceOf(path));
    },
    tag: async (path) => tagOf(objects, insidePath(path)),
    localFolder: async (path) => cache.keep(bucket.url, await below(path), fetch),
  };
};

const storeFolder = async (bucket: Bucket, path: string, files: readonly StoredFile[]): Promise<boolean> => {
  checkFiles(files);
  if ((await filesBelow(currentObjects(bucket), path)).length > 0) return false;
  const packed: PackedFile[] = [];
  for (const file of files) packed.push(await putBlob(bucket, file));
  return bucket.create(`${path}/${packedName}`, encodePacked(packed));
};

const storeFile = async (bucket: Bucket, path: string, bytes: Uint8Array): Promise<boolean> => {
  const found = await findFile(currentObjects(bucket), path);
  return found !== undefined && 'blob' in found ? false : bucket.create(path, bytes);
};

/** A store in a bucket of S3, or of another server that speaks its protocol (ADR 17). */
export const s3Store = (
  url: string,
  name: BucketName,
  cacheOptions: CacheOptions,
  env: NodeJS.ProcessEnv,
): Store => {
  const bucket = openBucket(url, name, env);
  const cache = folderCache(cacheOptions);
  const known: KnownFolders = new Map();
  const store: Store = {
    url,
    ...readingOf(bucket, currentObjects(bucket), cache),
    create: async (path, bytes) => storeFile(bucket, insidePath(path), bytes),
    createFolder: async (path, files) => storeFolder(bucket, insidePath(path), files),
    look: async () => ({
      ...store,
      ...readingOf(bucket, await seenObjects(bucket, known), cache),
    }),
  };
  return store;
};
