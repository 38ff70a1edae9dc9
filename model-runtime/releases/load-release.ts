import { readRelease } from '@sluice/kernel/release/read-release';
import { folderOfRelease, type Release } from '@sluice/kernel/release/release';
import type { Store } from '@sluice/kernel/store/store';
import type { Session } from '../session/session.ts';
import { warmUp } from './warm-up.ts';

export interface LoadOptions {
  readonly store: Store;
  readonly openSession: (path: string) => Promise<Session>;
}

export interface LoadedRelease {
  readonly release: Release;
  readonly session: Session;
  /** What the warm-up did, for the log. */
  readonly warmedUpWith: string;
}

/**
 * Reads, checks, opens and warms up a release.
 * @param expectedDigest what the same version had when it was first read; undefined: the first time.
 * @throws Error whose message is the reason why it cannot be served.
 */
export const loadRelease = async (
  { store, openSession }: LoadOptions,
  { model, version }: { readonly model: string; readonly version: string },
  expectedDigest: string | undefined,
): Promise<LoadedRelease> => {
  const release = await readRelease(store, model, version);
  if (expectedDigest !== undefined && expectedDigest !== release.digest) {
    throw new Error(
      `its files were changed: digest ${release.digest}, but it was ${expectedDigest}; a release is immutable`,
    );
  }
  const folder = await store.localFolder(folderOfRelease(model, version));
  const session = await openSession(`${folder}/model.onnx`);
  try {
    return { release, session, warmedUpWith: await warmUp(store, release, session) };
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
};
