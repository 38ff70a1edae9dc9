import semver from 'semver';
import { messageOf } from '../errors/message-of.ts';
import { schemasFolder } from '../schema/find-schema.ts';
import type { Store } from '../store/store.ts';
import { isStoreUnavailable } from '../store/unavailable.ts';
import { readRelease } from './read-release.ts';
import type { Release } from './release.ts';
import { parseVersion } from './version.ts';

/** A folder of the store that should be a release: read, or the reason why not. */
export type Listed =
  | { readonly model: string; readonly version: string; readonly release: Release }
  | { readonly model: string; readonly version: string; readonly fault: string };

/** What a model's folder holds. */
export interface ModelFolders {
  /** Highest first. */
  readonly versions: readonly string[];
  /** Folders that are neither releases, because their names are no versions, nor hold its schemas. */
  readonly strangers: readonly string[];
}

/** Folders of a model that `listModels` named. */
export const listFolders = async (store: Store, model: string): Promise<ModelFolders> => {
  const parsed = (await store.folders(model)).map((name) => ({ name, version: parseVersion(name) }));
  const versions = parsed.flatMap(({ name, version }) => (version === undefined ? [] : [{ name, version }]));
  const others = parsed.filter(({ name, version }) => version === undefined && name !== schemasFolder);
  return {
    versions: versions.sort((a, b) => semver.rcompare(a.version, b.version)).map(({ name }) => name),
    strangers: others.map(({ name }) => name),
  };
};

/**
 * Versions of a model in the store, highest first; folders whose name is no version are none. What
 * is no model of the store has none, a path to elsewhere included.
 */
export const listVersions = async (store: Store, model: string): Promise<string[]> => {
  if (!(await listModels(store)).includes(model)) return [];
  return [...(await listFolders(store, model)).versions];
};

/** Names of the models in the store; what begins with _ is Sluice's own. */
export const listModels = async (store: Store): Promise<string[]> => {
  const names = await store.folders('');
  return names.filter((name) => !name.startsWith('_')).sort();
};

/**
 * Reads one release; a fault is an answer, not an exception.
 * @throws SluiceError STORE_UNAVAILABLE, which is no fault of the release.
 */
export const readListed = async (store: Store, model: string, version: string): Promise<Listed> => {
  try {
    return { model, version, release: await readRelease(store, model, version) };
  } catch (error) {
    if (isStoreUnavailable(error)) throw error;
    return { model, version, fault: messageOf(error) };
  }
};
