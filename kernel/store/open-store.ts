import { SluiceError } from '../errors/sluice-error.ts';
import { fileStore } from './file-store.ts';
import type { Store } from './store.ts';

/**
 * Opens the store that a URL names: `file:/srv/store`, `file:relative/folder`.
 * @throws SluiceError INVALID_INPUT for another scheme.
 */
export const openStore = (url: string): Store => {
  if (url.startsWith('file:')) return fileStore(url);
  throw new SluiceError('INVALID_INPUT', `STORE_URL: expected file:<folder>, got ${url}`);
};
