import { createHash } from 'node:crypto';
import type { StoredFile } from '../store.ts';
import type { Bucket } from './bucket.ts';
import { blobKey, type PackedFile } from './packed-folder.ts';
import { maxObjectBytes, putObject } from './put-object.ts';

const summed = async ({ path, open }: StoredFile): Promise<PackedFile> => {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of open()) {
    hash.update(chunk);
    size += chunk.byteLength;
  }
  return { path, size, sha256: hash.digest('hex') };
};

/** A file may change between two readings of it. */
const unchanged = async function* (
  pieces: AsyncIterable<Uint8Array>,
  { path, sha256 }: PackedFile,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const piece of pieces) {
    hash.update(piece);
    yield piece;
  }
  if (hash.digest('hex') !== sha256) throw new Error(`${path} was changed while it was stored`);
};

/** Stores a file under its hash, unless the bucket has it already. It is read twice: first for the hash. */
export const putBlob = async (bucket: Bucket, file: StoredFile): Promise<PackedFile> => {
  const packed = await summed(file);
  const { path, size } = packed;
  if (size > maxObjectBytes) throw new Error(`${path} has ${size} bytes, S3 takes at most ${maxObjectBytes}`);
  const key = blobKey(packed);
  if ((await bucket.sizeOf(key)) === size) return packed;
  await putObject(bucket, key, unchanged(file.open(), packed), size);
  return packed;
};
