import type { Bucket } from './bucket.ts';

/** What is kept in memory of a file; a larger one goes in parts of this size. */
const leastPartBytes = 16 * 1024 * 1024;
/** S3's own bounds. */
const maxParts = 10_000;
export const maxObjectBytes = 5 * 1024 ** 4;

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

/** Writes an object of so many bytes, over what is there; memory holds a part of a large one at a time. */
export const putObject = async (
  bucket: Bucket,
  key: string,
  bytes: AsyncIterable<Uint8Array>,
  size: number,
): Promise<void> => {
  const partBytes = Math.max(leastPartBytes, Math.ceil(size / maxParts));
  const pieces = inPieces(bytes, partBytes);
  if (size > leastPartBytes) await bucket.putParts(key, pieces);
  else await bucket.put(key, Buffer.concat(await Array.fromAsync(pieces)));
};
