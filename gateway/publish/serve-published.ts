import { setTimeout as pause } from 'node:timers/promises';
import type { ReleaseName } from '@sluice/kernel/release/release';
import { type ReleaseState, stateOf } from '../core/release-state.ts';
import type { ReleaseIndex } from '../core/served-release.ts';
import type { ReleaseServers } from '../predict/backend.ts';

/** Whether a release answers; the reason says why it does not. */
export interface Served {
  readonly state: ReleaseState;
  readonly reason: string;
}

/** Has a release that is in the store loaded; resolves when it is known what came of it, or at once. */
export type ServeRelease = (release: ReleaseName, wait: boolean, signal: AbortSignal) => Promise<Served>;

export interface ServePublishedOptions {
  /** Reads what has come into the store. */
  readonly refresh: () => Promise<void>;
  readonly index: () => ReleaseIndex;
  readonly servers: ReleaseServers;
  /** Has a release loaded wherever it is computed; rejects when it can be nowhere. */
  readonly load: (release: ReleaseName) => Promise<void>;
  /** Resolves when a runtime next comes, goes, or announces something. */
  readonly changed: () => Promise<void>;
  /** Longest wait. */
  readonly readyMs: number;
}

/** Longest wait for the announcement of what a runtime has just said that it did: it comes over another connection. */
const announcedMs = 1_000;

const servedOf = ({ index, servers }: ServePublishedOptions, { model, version }: ReleaseName): Served => {
  const indexed = index()
    .get(model)
    ?.find((each) => each.version === version);
  if (indexed === undefined) return { state: 'LOADING', reason: 'no runtime has been asked yet' };
  if ('fault' in indexed) return { state: 'UNAVAILABLE', reason: indexed.fault };
  const { release } = indexed.served;
  return stateOf(servers.of(release), release);
};

const untilReady = async (
  { servers, changed }: ServePublishedOptions,
  release: ReleaseName,
): Promise<void> => {
  const late = pause(announcedMs, 'late', { ref: false });
  while (stateOf(servers.all(), release).state !== 'READY')
    if ((await Promise.race([changed(), late])) === 'late') return;
};

/**
 * Runtimes load it first: as soon as the gateway knows of it, it may be the highest version and be asked by who names
 * none. Why a load fails is told by its state.
 */
const serve = async (options: ServePublishedOptions, release: ReleaseName): Promise<void> => {
  const { load, refresh } = options;
  const isLoaded = await load(release).then(
    () => true,
    () => false,
  );
  if (isLoaded) await untilReady(options, release);
  await refresh();
  // Another server computes it, which is known by now.
  if (servedOf(options, release).state !== 'READY') await load(release).catch(() => undefined);
};

/** Makes a release answer as soon as it is in the store, instead of when somebody looks. */
export const servePublished = (options: ServePublishedOptions): ServeRelease => {
  return async (release, wait, signal) => {
    const served = serve(options, release).catch(() => undefined);
    if (!wait) return servedOf(options, release);
    const over = new AbortController();
    const late = pause(options.readyMs, undefined, { signal: AbortSignal.any([signal, over.signal]) });
    await Promise.race([served, late.catch(() => undefined)]);
    over.abort();
    return servedOf(options, release);
  };
};
