import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A store in a temporary folder. */
export interface TemporaryStore extends AsyncDisposable {
  readonly url: string;
  readonly folder: string;
  /** Writes a file at a path below the store; who reads meanwhile sees the one before, or the whole new one. */
  put(path: string, content: Uint8Array | string): Promise<void>;
}

export const temporaryStore = async (
  files: Readonly<Record<string, Uint8Array | string>> = {},
): Promise<TemporaryStore> => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-store-'));
  const put = async (path: string, content: Uint8Array | string): Promise<void> => {
    const [whole, temporary] = [join(folder, path), join(folder, `.${randomUUID()}`)];
    await mkdir(dirname(whole), { recursive: true });
    await writeFile(temporary, content);
    await rename(temporary, whole);
  };
  for (const [path, content] of Object.entries(files)) await put(path, content);
  return {
    url: `file:${folder}`,
    folder,
    put,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
};
