import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Bucket } from '../store/s3/bucket.ts';
import { openBucket } from '../store/s3/open-bucket.ts';
import { parseS3Url } from '../store/s3/parse-url.ts';
import { s3Store } from '../store/s3/s3-store.ts';
import type { Store } from '../store/store.ts';
import { openS3Road, type S3Road } from './s3-road.ts';
import { sharedS3 } from './store-kinds.ts';

/** A store of its own in the real server, reached by a road of its own; it goes with the test. */
export interface S3StoreOnRoad {
  readonly url: string;
  readonly road: S3Road;
  readonly bucket: Bucket;
  /** Where it keeps folders on the local disk. */
  readonly cache: string;
  readonly store: Store;
  /** Opens it once more, as another process would. */
  again(): Store;
  /** Keys of all objects. */
  keys(): Promise<string[]>;
}

export const openS3StoreOnRoad = async (t: TestContext): Promise<S3StoreOnRoad> => {
  const server = await sharedS3();
  const road = await openS3Road(server.port);
  const cache = await mkdtemp(join(tmpdir(), 'sluice-cache-'));
  t.after(async () => {
    await road[Symbol.asyncDispose]();
    await rm(cache, { recursive: true, force: true });
  });
  const url = server.newUrl();
  const name = parseS3Url(url);
  if (name === undefined) throw new Error(url);
  const env = { ...process.env, AWS_ENDPOINT_URL: road.url };
  const again = (): Store => s3Store(url, name, { folder: cache, maxBytes: 2 ** 40 }, env);
  const bucket = openBucket(url, name, env);
  const keys = async (): Promise<string[]> =>
    (await Array.fromAsync(bucket.list(''))).flat().map(({ key }) => key);
  return { url, road, cache, bucket, keys, store: again(), again };
};
