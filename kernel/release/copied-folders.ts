import type { Store } from '../store/store.ts';
import { isPublished } from './list-releases.ts';
import { folderOfRelease } from './release.ts';

/** Folders of releases that came into the store between two looks at it. */
export class CopiedFolders {
  /** What they held at the last look. */
  readonly #tags = new Map<string, string>();

  /** Whether a release is there whole: a published one at once, a copied one when it is the same at two looks. */
  async isWhole(store: Store, model: string, version: string): Promise<boolean> {
    if (await isPublished(store, model, version)) return true;
    const name = folderOfRelease(model, version);
    const tag = await store.tag(name);
    const before = this.#tags.get(name);
    this.#tags.set(name, tag);
    return tag === before;
  }
}
