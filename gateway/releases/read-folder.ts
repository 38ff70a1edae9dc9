import { compileEncoder } from '@sluice/kernel/features/encode-features';
import { featuresOf } from '@sluice/kernel/features/features-of';
import { compileNames } from '@sluice/kernel/features/name-outputs';
import type { CopiedFolders } from '@sluice/kernel/release/copied-folders';
import { type Listed, readListed } from '@sluice/kernel/release/list-releases';
import { folderOfRelease, type ReleaseName } from '@sluice/kernel/release/release';
import { rulesOf } from '@sluice/kernel/rules/rules-of';
import { inputSchema } from '@sluice/kernel/schema/input-schema';
import type { Store } from '@sluice/kernel/store/store';
import type { Log } from '@sluice/kernel/telemetry/log';
import type { IndexedRelease, ServedRelease } from '../core/served-release.ts';

type Named = Omit<ReleaseName, 'digest'>;

/** What is remembered of folders from one look to the next. */
export interface Folders {
  /** Of broken releases: what the store held of their models when they were read. */
  readonly broken: Map<string, string>;
  readonly copied: CopiedFolders;
}

export interface ReadFolderOptions {
  readonly store: Store;
  readonly log: Log;
  readonly folders: Folders;
  /** Models whose releases are read anew although they were read whole. */
  readonly doubted: ReadonlySet<string>;
  /** Whether a new folder that was copied is taken for whole once it is the same twice, not at once. */
  readonly waitsForCopies: boolean;
}

const indexed = (listed: Listed): IndexedRelease => {
  const { version } = listed;
  if ('fault' in listed) return { version, fault: listed.fault };
  const { release } = listed;
  const served: ServedRelease = {
    release,
    features: featuresOf(release),
    schema: inputSchema(release),
    encode: compileEncoder(release),
    nameRows: compileNames(release),
    rules: rulesOf(release),
  };
  return { version, served };
};

/** Reads a release; one that is broken as it was is the very one that is known, and is not reported again. */
const readAnew = async (
  { store, log, folders: { broken } }: ReadFolderOptions,
  { model, version }: Named,
  tag: string,
  known: IndexedRelease | undefined,
): Promise<IndexedRelease> => {
  const name = folderOfRelease(model, version);
  const read = indexed(await readListed(store, model, version));
  if ('served' in read) {
    broken.delete(name);
    return read;
  }
  broken.set(name, tag);
  if (known !== undefined && 'fault' in known && known.fault === read.fault) return known;
  log.error({ model, version, reason: read.fault }, `${model} ${version} cannot be served: ${read.fault}`);
  return read;
};

/**
 * Releases are immutable: what was read whole is not read again, what was broken is when its files change.
 * Undefined: it may still be on its way here.
 */
export const readFolder = async (
  options: ReadFolderOptions,
  { model, version }: Named,
  known: IndexedRelease | undefined,
): Promise<IndexedRelease | undefined> => {
  const { store, folders, doubted, waitsForCopies } = options;
  const isDoubted = doubted.has(model);
  if (known !== undefined && 'served' in known && !isDoubted) return known;
  // What lies beside a release may be what was wrong with it, hence all of its model.
  const tag = await store.tag(model);
  const isAsBefore = folders.broken.get(folderOfRelease(model, version)) === tag;
  if (known !== undefined && isAsBefore && !isDoubted) return known;
  const mayBeYoung = waitsForCopies && known === undefined && !isDoubted;
  if (mayBeYoung && !(await folders.copied.isWhole(store, model, version))) return undefined;
  return readAnew(options, { model, version }, tag, known);
};
