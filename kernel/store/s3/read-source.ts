import { createHash } from 'node:crypto';
import type { Bucket } from './bucket.ts';
import type { Source } from './object-tree.ts';
import { blobKey } from './packed-folder.ts';

/** What is read must be what was stored. */
const verified = async function* (
  bytes: AsyncIterable<Uint8Array>,
  sha256: string,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const chunk of bytes) {
    hash.update(chunk);
    yield chunk;
  }
  const got = hash.digest('hex');
  if (got !== sha256) throw new Error(`${blobKey({ sha256 })} is damaged: its SHA-256 is ${got}`);
};

/**
 * The bytes of a file. Those of a blob are verified at their end.
 * @throws Error when they are not there or not what was stored.
 */
export const readSource = async function* (bucket: Bucket, source: Source): AsyncGenerator<Uint8Array> {
  const isBlob = 'blob' in source;
  const key = isBlob ? blobKey(source.blob) : source.key;
  const bytes = await bucket.get(key, isBlob ? undefined : source.object?.etag);
  if (bytes === undefined) throw new Error(`there is no ${key} in ${bucket.url}`);
  yield* isBlob ? verified(bytes, source.blob.sha256) : bytes;
};
