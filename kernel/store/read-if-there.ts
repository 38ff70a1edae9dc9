import type { Store } from './store.ts';
import { isStoreUnavailable } from './unavailable.ts';

/** A file; undefined: there is none. @throws SluiceError STORE_UNAVAILABLE when that cannot be known. */
export const readIfThere = (store: Store, path: string): Promise<Buffer | undefined> =>
  store.read(path).catch((error: unknown) => {
    if (isStoreUnavailable(error)) throw error;
    return undefined;
  });
