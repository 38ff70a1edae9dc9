import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SluiceError } from '../errors/sluice-error.ts';
import { fileStore } from './file-store.ts';
import { lazyStore } from './lazy-store.ts';
import type { CacheOptions } from './s3/folder-cache.ts';
import { parseS3Url } from './s3/parse-url.ts';
import type { Store } from './store.ts';

const defaultMaxBytes = 10 * 1024 ** 3;

/** Where folders of a bucket are kept on the local disk, and how much of them. */
export interface StoreCache {
  /** Not given: `sluice-store` in the system's temporary folder. */
  readonly folder?: string | undefined;
  readonly maxBytes?: number;
}

const cacheOptions = ({ folder, maxBytes = defaultMaxBytes }: StoreCache): CacheOptions => ({
  folder: folder ?? join(tmpdir(), 'sluice-store'),
  maxBytes,
});

/**
 * Opens the store that a URL names: `file:/srv/store`, `file:relative/folder`, `s3://bucket/prefix`.
 * Nothing is asked yet.
 * @throws SluiceError INVALID_INPUT for another scheme, or no name of a bucket.
 */
export const openStore = (url: string, cache: StoreCache = {}): Store => {
  if (url.startsWith('file:')) return fileStore(url);
  const name = parseS3Url(url);
  if (name !== undefined)
    return lazyStore(url, async () => {
      const { s3Store } = await import('./s3/s3-store.ts');
      return s3Store(url, name, cacheOptions(cache), process.env);
    });
  throw new SluiceError(
    'INVALID_INPUT',
    `STORE_URL: expected file:<folder> or s3://<bucket>/<prefix>, got ${url}`,
  );
};
