import type { Store } from '../store/store.ts';
import { isStoreUnavailable } from '../store/unavailable.ts';
import { examinePackage } from './examine-package.ts';
import { parseManifest } from './manifest.ts';
import { PackageError } from './package-error.ts';
import { folderOfRelease, type Release } from './release.ts';

/**
 * Reads a release whole: manifest, signature, schema, digest.
 * @throws PackageError naming everything that is wrong with its files.
 */
export const readRelease = async (store: Store, model: string, version: string): Promise<Release> => {
  const { release, faults } = await examinePackage({ store, model, version });
  if (release === undefined || faults.length > 0) throw new PackageError(faults);
  return release;
};

/** Whether another server computes a release, by its manifest alone; one that cannot be read says no. */
export const isComputedElsewhere = async (store: Store, model: string, version: string): Promise<boolean> => {
  try {
    const text = (await store.read(`${folderOfRelease(model, version)}/sluice.yaml`)).toString('utf8');
    return parseManifest(text).kind === 'upstream';
  } catch (error) {
    if (isStoreUnavailable(error)) throw error;
    return false;
  }
};
