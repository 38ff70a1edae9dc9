import type { Store } from '../store/store.ts';
import { publicationFile } from './publication.ts';
import { folderOfRelease } from './release.ts';

/** Folders of releases that came into the store between two looks at it. */
export class CopiedFolders {
  /** What they held at the last look. */
  readonly #tags = new Map<string, string>();

  /**
   * Whether a release is there whole: a published one at once, a copied one when it is the same at two looks. A folder
   * without a file is one that somebody has begun to fill.
   */
  async isWhole(store: Store, model: string, version: string): Promise<boolean> {
    const name = folderOfRelease(model, version);
    const files = await store.files(name);
    if (files.length === 0 || files.includes(publicationFile)) return files.length > 0;
    const tag = await store.tag(name);
    const before = this.#tags.get(name);
    this.#tags.set(name, tag);
    return tag === before;
  }
}
