import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '@sluice/kernel/errors/message-of';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { checkPackage } from '@sluice/kernel/release/check-package';
import { listVersions } from '@sluice/kernel/release/list-releases';
import { type Publication, publicationFile } from '@sluice/kernel/release/publication';
import { readRelease } from '@sluice/kernel/release/read-release';
import { folderOfRelease, type Release, type ReleaseName } from '@sluice/kernel/release/release';
import { sameVersion } from '@sluice/kernel/release/version';
import type { Store, StoredFile } from '@sluice/kernel/store/store';
import { isStoreUnavailable } from '@sluice/kernel/store/unavailable';
import type { Announced } from './announced.ts';

const exists = (message: string): SluiceError =>
  new SluiceError('ALREADY_EXISTS', `${message}; a release never changes: publish another version`);

/** The release of that version, broken or not. */
const readThere = async (store: Store, { model, version }: ReleaseName): Promise<Release> => {
  try {
    return await readRelease(store, model, version);
  } catch (error) {
    if (isStoreUnavailable(error)) throw error;
    throw exists(`${model} ${version} is in the store already, and cannot be read: ${messageOf(error)}`);
  }
};

/**
 * The release with the same files that the store holds under this version; undefined: the version is free.
 * @throws SluiceError ALREADY_EXISTS when it holds other files.
 */
export const findPublished = async (store: Store, announced: ReleaseName): Promise<Release | undefined> => {
  const { model, version, digest } = announced;
  const there = (await listVersions(store, model)).find((each) => sameVersion(each, version));
  if (there === undefined) return undefined;
  if (there !== version)
    throw exists(`${model} ${there} is in the store already, and ${version} means the same`);
  const release = await readThere(store, announced);
  if (release.digest === digest) return release;
  throw exists(
    `${model} ${version} is in the store already with other files (${release.digest}, these are ${digest})`,
  );
};

/** Its size is bounded where it is received. */
const bounded = {
  maxFiles: Number.POSITIVE_INFINITY,
  maxFileBytes: Number.POSITIVE_INFINITY,
  maxTotalBytes: Number.POSITIVE_INFINITY,
};

/** Checks a package whole, as it lies in a store of its own. @throws SluiceError PACKAGE_INVALID */
export const checkReceived = async (staged: Store, announced: ReleaseName): Promise<Release> => {
  const { model, version, digest } = announced;
  const release = await checkPackage(staged, model, version, { limits: bounded });
  if (release.digest === digest) return release;
  throw new SluiceError('PACKAGE_INVALID', `its digest is ${release.digest}, announced was ${digest}`);
};

const storedFiles = (folder: string, { files }: Announced, publication: Publication): StoredFile[] => [
  ...files.map(({ path }) => ({ path, open: () => createReadStream(join(folder, path)) })),
  {
    path: publicationFile,
    open: async function* () {
      yield Buffer.from(`${JSON.stringify(publication)}\n`);
    },
  },
];

/** How it came there, and whether the same files had been there before. */
export interface Stored {
  readonly published: Publication | undefined;
  readonly alreadyThere: boolean;
}

/**
 * Puts a checked package into the store, whole or not at all.
 * @throws SluiceError ALREADY_EXISTS when somebody else was quicker with other files.
 */
export const storePackage = async (
  store: Store,
  announced: Announced,
  folder: string,
  publication: Publication,
): Promise<Stored> => {
  const { model, version } = announced;
  const known = await findPublished(store, announced);
  if (known !== undefined) return { published: known.published, alreadyThere: true };
  const files = storedFiles(folder, announced, publication);
  if (await store.createFolder(folderOfRelease(model, version), files))
    return { published: publication, alreadyThere: false };
  const quicker = await findPublished(store, announced);
  if (quicker === undefined) throw new SluiceError('STORE_UNAVAILABLE', 'the store says both yes and no');
  return { published: quicker.published, alreadyThere: true };
};
