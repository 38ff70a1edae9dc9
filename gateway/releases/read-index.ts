import { mapSome } from '@sluice/kernel/collections/map-some';
import { listFolders, listModels } from '@sluice/kernel/release/list-releases';
import type { IndexedRelease, ReleaseIndex } from '../core/served-release.ts';
import { type ReadFolderOptions, readFolder } from './read-folder.ts';

/** Models and releases that are read at once: a bucket takes long to answer, and answers many at a time. */
const readAtOnce = 8;

const isSame = (some: readonly unknown[], others: readonly unknown[]): boolean =>
  some.length === others.length && some.every((each, index) => each === others[index]);

/** The releases of a model, the highest version first; the very list that is known where nothing is new. */
export const readModel = async (
  options: ReadFolderOptions,
  model: string,
  known: readonly IndexedRelease[] = [],
): Promise<readonly IndexedRelease[]> => {
  const { versions } = await listFolders(options.store, model);
  const read = await mapSome(versions, readAtOnce, (version) =>
    readFolder(
      options,
      { model, version },
      known.find((each) => each.version === version),
    ),
  );
  const releases = read.flatMap((each) => each ?? []);
  return isSame(releases, known) ? known : releases;
};

/** An index with one model's releases in place of what it had of them. */
export const withModel = (
  index: ReleaseIndex,
  model: string,
  releases: readonly IndexedRelease[],
): ReleaseIndex => {
  if (index.get(model) === releases || (releases.length === 0 && !index.has(model))) return index;
  const others = [...index].filter(([name]) => name !== model);
  const all = releases.length === 0 ? others : [...others, [model, releases] as const];
  return new Map(all.sort(([a], [b]) => (a < b ? -1 : 1)));
};

/** All releases of the store; the very index that is known where nothing is new. */
export const readIndex = async (options: ReadFolderOptions, known: ReleaseIndex): Promise<ReleaseIndex> => {
  const models = await mapSome(
    await listModels(options.store),
    readAtOnce,
    async (model) => [model, await readModel(options, model, known.get(model))] as const,
  );
  const next = new Map(models.filter(([, releases]) => releases.length > 0));
  return isSame([...next].flat(), [...known].flat()) ? known : next;
};
