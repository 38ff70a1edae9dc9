import { createReadStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import type { Bucket } from '@sluice/kernel/store/s3/bucket';
import { putObject } from '@sluice/kernel/store/s3/put-object';
import type { LakePlace } from './place.ts';

const keysOf = async function* (bucket: Bucket): AsyncGenerator<string> {
  for await (const page of bucket.list('')) for (const { key } of page) yield key;
};

/** A lake in a bucket of S3; files are written in a folder of the local disk first. */
export const openBucketPlace = async (bucket: Bucket, scratch: string): Promise<LakePlace> => {
  await mkdir(scratch, { recursive: true });
  return {
    url: bucket.url,
    scratch,
    paths: () => keysOf(bucket),
    put: async (path, localFile) => {
      const { size } = await stat(localFile);
      await putObject(bucket, path, createReadStream(localFile), size);
      await rm(localFile, { force: true });
    },
    remove: (key) => bucket.remove(key),
  };
};
