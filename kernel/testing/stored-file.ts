import type { StoredFile } from '../store/store.ts';

/** A file that is to be stored, with this content. */
export const storedFile = (path: string, content: string | Uint8Array): StoredFile => ({
  path,
  open: async function* () {
    yield Buffer.from(content);
  },
});

/** All that comes, as one. */
export const gathered = async (bytes: AsyncIterable<Uint8Array>): Promise<Buffer> =>
  Buffer.concat(await Array.fromAsync(bytes));
