import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileStore } from '../store/file-store.ts';
import type { Store } from '../store/store.ts';

/** A store in a folder of its own, which goes with the test. */
export interface TemporaryStore {
  readonly folder: string;
  readonly store: Store;
  /** Writes a file past the store's rules: over what is there, too. */
  put(path: string, content: string | Uint8Array): Promise<void>;
}

export const temporaryStore = async (t: TestContext): Promise<TemporaryStore> => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-store-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return {
    folder,
    store: fileStore(`file:${folder}`),
    put: async (path, content) => {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    },
  };
};
