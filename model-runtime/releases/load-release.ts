import { stat } from 'node:fs/promises';
import { readRelease } from '@sluice/kernel/release/read-release';
import { folderOfRelease, type Release, type ReleaseName } from '@sluice/kernel/release/release';
import type { Store } from '@sluice/kernel/store/store';
import type { Session } from '../session/session.ts';
import { type WarmUp, warmUp } from './warm-up.ts';

export interface LoadOptions {
  readonly store: Store;
  readonly openSession: (path: string) => Promise<Session>;
  /** A batch that takes longer makes a release slow. */
  readonly thresholdMs: number;
}

export interface OpenedRelease {
  readonly session: Session;
  readonly warmUp: WarmUp;
}

/**
 * Reads and checks a release.
 * @param expected its digest is what the same version had when it was first read; empty: the first time.
 * @throws Error whose message is the reason why it cannot be served.
 */
export const readExpected = async (store: Store, expected: ReleaseName): Promise<Release> => {
  const { model, version, digest } = expected;
  // Fetched once, then read from there.
  await store.localFolder(folderOfRelease(model, version));
  const release = await readRelease(store, model, version);
  if (digest !== '' && digest !== release.digest) {
    throw new Error(
      `its files were changed: digest ${release.digest}, but it was ${digest}; a release is immutable`,
    );
  }
  return release;
};

/** Bytes of all files of a release. */
export const bytesOfFiles = async (store: Store, { model, version }: Release): Promise<number> => {
  const folder = folderOfRelease(model, version);
  const [local, paths] = await Promise.all([store.localFolder(folder), store.files(folder)]);
  const sizes = await Promise.all(paths.map((path) => stat(`${local}/${path}`)));
  return sizes.reduce((sum, { size }) => sum + size, 0);
};

/**
 * Opens a release and warms it up.
 * @throws Error whose message is the reason why it cannot be served.
 */
export const openRelease = async (
  { store, openSession, thresholdMs }: LoadOptions,
  release: Release,
): Promise<OpenedRelease> => {
  const folder = await store.localFolder(folderOfRelease(release.model, release.version));
  const session = await openSession(`${folder}/model.onnx`);
  try {
    return { session, warmUp: await warmUp(store, release, session, thresholdMs) };
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
};
