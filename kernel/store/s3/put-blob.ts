import { createHash } from 'node:crypto';
import type { StoredFile } from '../store.ts';
import type { Bucket } from './bucket.ts';
import { blobKey, type PackedFile } from './packed-folder.ts';

/** What is kept in memory of a file; a larger one goes in parts of this size. */
const leastPartBytes = 16 * 1024 * 1024;
/** S3's own bounds. */
const maxParts = 10_000;
const maxObjectBytes = 5 * 1024 ** 4;

/** The bytes of a file in pieces of equal size, the last one being what is left. */
const inPieces = async function* (
  bytes: AsyncIterable<Uint8Array>,
  pieceBytes: number,
): AsyncGenerator<Buffer> {
  let gathered: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    for (let from = 0; from < chunk.byteLength; ) {
      const part = chunk.subarray(from, from + pieceBytes - size);
      gathered.push(part);
      from += part.byteLength;
      size += part.byteLength;
      if (size < pieceBytes) continue;
      yield Buffer.concat(gathered);
      [gathered, size] = [[], 0];
    }
  }
  if (size > 0) yield Buffer.concat(gathered);
};

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
  pieces: AsyncIterable<Buffer>,
  { path, sha256 }: PackedFile,
): AsyncGenerator<Buffer> {
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
  const partBytes = Math.max(leastPartBytes, Math.ceil(size / maxParts));
  const pieces = unchanged(inPieces(file.open(), partBytes), packed);
  if (size > leastPartBytes) await bucket.putParts(key, pieces);
  else await bucket.put(key, Buffer.concat(await Array.fromAsync(pieces)));
  return packed;
};
