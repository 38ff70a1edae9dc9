import { mapSome } from '@sluice/kernel/collections/map-some';
import { compileEncoder } from '@sluice/kernel/features/encode-features';
import { featuresOf } from '@sluice/kernel/features/features-of';
import { type Listed, listModels, listVersions, readListed } from '@sluice/kernel/release/list-releases';
import { rulesOf } from '@sluice/kernel/rules/rules-of';
import { inputSchema } from '@sluice/kernel/schema/input-schema';
import type { Store } from '@sluice/kernel/store/store';
import type { Log } from '@sluice/kernel/telemetry/log';
import type { IndexedRelease, ReleaseIndex } from '../core/served-release.ts';

export interface ReadIndexOptions {
  readonly store: Store;
  readonly log: Log;
  /** Models whose releases are read anew although they were read whole. */
  readonly doubted: ReadonlySet<string>;
  /** Of broken releases: what the store held of their models when they were read. */
  readonly tags: Map<string, string>;
}

/** Releases that are read at once: a bucket takes long to answer, and answers many at a time. */
const readAtOnce = 8;

const indexed = (listed: Listed): IndexedRelease => {
  const { version } = listed;
  if ('fault' in listed) return { version, fault: listed.fault };
  const { release } = listed;
  const [features, schema, encode] = [featuresOf(release), inputSchema(release), compileEncoder(release)];
  return { version, served: { release, features, schema, encode, rules: rulesOf(release) } };
};

/** Releases are immutable: what was read whole is not read again, what was broken is when its files change. */
const readOne = async (
  { store, log, doubted, tags }: ReadIndexOptions,
  model: string,
  version: string,
  known: IndexedRelease | undefined,
): Promise<IndexedRelease> => {
  const isDoubted = doubted.has(model);
  if (known !== undefined && 'served' in known && !isDoubted) return known;
  const name = `${model}/${version}`;
  // What lies beside a release may be what was wrong with it, hence all of its model.
  const tag = await store.tag(model);
  if (known !== undefined && tags.get(name) === tag && !isDoubted) return known;
  const read = indexed(await readListed(store, model, version));
  if ('served' in read) {
    tags.delete(name);
    return read;
  }
  tags.set(name, tag);
  if (known !== undefined && 'fault' in known && known.fault === read.fault) return known;
  log.error({ model, version, reason: read.fault }, `${model} ${version} cannot be served: ${read.fault}`);
  return read;
};

const isSame = (some: readonly unknown[], others: readonly unknown[]): boolean =>
  some.length === others.length && some.every((each, index) => each === others[index]);

/** The releases of a model, the highest version first; the very list that is known where nothing is new. */
export const readModel = async (
  options: ReadIndexOptions,
  model: string,
  known: readonly IndexedRelease[] = [],
): Promise<readonly IndexedRelease[]> => {
  const versions = await listVersions(options.store, model);
  const releases = await mapSome(versions, readAtOnce, (version) =>
    readOne(
      options,
      model,
      version,
      known.find((each) => each.version === version),
    ),
  );
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
export const readIndex = async (options: ReadIndexOptions, known: ReleaseIndex): Promise<ReleaseIndex> => {
  const next = new Map<string, readonly IndexedRelease[]>();
  for (const model of await listModels(options.store)) {
    const releases = await readModel(options, model, known.get(model));
    if (releases.length > 0) next.set(model, releases);
  }
  return isSame([...next].flat(), [...known].flat()) ? known : next;
};
