import type { Bucket, StoredObject } from './bucket.ts';
import { blobFolder, type PackedFolder, packedName, parsePacked } from './packed-folder.ts';

/** What a store's objects are, without the blobs. Folders are given without a slash at the end; '' is all. */
export interface Objects {
  /** Those below a folder, by key. */
  below(folder: string): Promise<readonly StoredObject[]>;
  /** One object; undefined: there is none, or it is not known yet. */
  find(key: string): StoredObject | undefined;
  /** Whether there may be such an object. */
  mayHave(key: string): boolean;
  /** The files of a packed folder; undefined: it is none. */
  packed(folder: string): Promise<PackedFolder | undefined>;
}

export const readAll = async (body: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
};

const readPacked = async (bucket: Bucket, folder: string): Promise<PackedFolder | undefined> => {
  const key = `${folder}/${packedName}`;
  const body = await bucket.get(key);
  return body && parsePacked(await readAll(body), key);
};

const isBlob = ({ key }: StoredObject): boolean => key.startsWith(`${blobFolder}/`);
/** What comes next after all keys of blobs: `0` is the character after the slash. */
const afterBlobs = `${blobFolder}0`;
/** Few objects come before the blobs: names in lower case do not. */
const firstPage = 10;

/** All objects but the blobs: those before them, then those after them. */
const listAll = async (bucket: Bucket): Promise<StoredObject[]> => {
  const found: StoredObject[] = [];
  for await (const page of bucket.list('', { firstPage })) {
    const before = page.filter(({ key }) => key < `${blobFolder}/`);
    found.push(...before);
    if (before.length < page.length) break;
  }
  for await (const page of bucket.list('', { after: afterBlobs })) found.push(...page);
  return found;
};

const byKey = (one: StoredObject, other: StoredObject): number => (one.key < other.key ? -1 : 1);

const listBelow = async (bucket: Bucket, folder: string): Promise<StoredObject[]> => {
  if (folder === '') return (await listAll(bucket)).sort(byKey);
  const pages = await Array.fromAsync(bucket.list(`${folder}/`));
  return pages
    .flat()
    .filter((object) => !isBlob(object))
    .sort(byKey);
};

/** The objects as they are whenever one asks. */
export const currentObjects = (bucket: Bucket): Objects => ({
  below: (folder) => listBelow(bucket, folder),
  find: () => undefined,
  mayHave: () => true,
  packed: (folder) => readPacked(bucket, folder),
});

/** The first index whose key is not less. */
const indexOf = (sorted: readonly StoredObject[], key: string): number => {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle]?.key ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Packed folders that were read, by folder and etag; an object that was written once stays as it is. */
export type KnownFolders = Map<string, Promise<PackedFolder | undefined>>;

/** The objects of one moment. */
export const seenObjects = async (bucket: Bucket, known: KnownFolders): Promise<Objects> => {
  const all = await listBelow(bucket, '');
  const find = (key: string): StoredObject | undefined => {
    const found = all[indexOf(all, key)];
    return found?.key === key ? found : undefined;
  };
  return {
    below: async (folder) =>
      folder === '' ? all : all.slice(indexOf(all, `${folder}/`), indexOf(all, `${folder}0`)),
    find,
    mayHave: (key) => find(key) !== undefined,
    packed: async (folder) => {
      const object = find(`${folder}/${packedName}`);
      if (object === undefined) return undefined;
      const id = `${folder} ${object.etag}`;
      const reading = known.get(id) ?? readPacked(bucket, folder);
      known.set(id, reading);
      reading.catch(() => known.delete(id));
      return reading;
    },
  };
};
