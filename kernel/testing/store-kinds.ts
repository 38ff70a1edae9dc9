import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext } from 'node:test';
import { openStore } from '../store/open-store.ts';
import { openBucket } from '../store/s3/open-bucket.ts';
import { parseS3Url } from '../store/s3/parse-url.ts';
import type { Store } from '../store/store.ts';
import { type S3Server, skipS3, startS3 } from './s3-server.ts';
import { temporaryStore } from './temporary-store.ts';

/** An empty store of one kind, which goes with the test. */
export interface OpenedStore {
  readonly store: Store;
  /** Opens it once more, as another process would. */
  again(): Store;
  /** Writes a file past the store's rules, as somebody does who copies by hand: over what is there, too. */
  put(path: string, content: string | Uint8Array): Promise<void>;
}

/** A kind of store that every store's test runs on. */
export interface StoreKind {
  readonly name: string;
  /** Why not; false: it runs. */
  readonly skip: string | false;
  open(t: TestContext): Promise<OpenedStore>;
}

const folders: StoreKind = {
  name: 'a folder',
  skip: false,
  open: async (t) => {
    const { store, put } = await temporaryStore(t);
    return { store, put, again: () => openStore(store.url) };
  },
};

/** Writes an object past the store's rules. */
export const putterOf = (url: string): OpenedStore['put'] => {
  const name = parseS3Url(url);
  if (name === undefined) throw new Error(`${url} is no bucket`);
  const bucket = openBucket(url, name, process.env);
  return (path, content) => bucket.put(path, Buffer.from(content));
};

/** One server for a test file; the environment of its process leads there. */
let server: Promise<S3Server> | undefined;
export const sharedS3 = (): Promise<S3Server> => {
  server ??= startS3().then((started) => {
    Object.assign(process.env, started.env);
    return started;
  });
  return server;
};
if (skipS3 === false) after(async () => (await server)?.[Symbol.asyncDispose]());

const onS3: StoreKind = {
  name: 'S3',
  skip: skipS3,
  open: async (t) => {
    const url = (await sharedS3()).newUrl();
    const folder = await mkdtemp(join(tmpdir(), 'sluice-cache-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const again = () => openStore(url, { folder });
    return { store: again(), again, put: putterOf(url) };
  },
};

export const storeKinds: readonly StoreKind[] = [folders, onS3];
