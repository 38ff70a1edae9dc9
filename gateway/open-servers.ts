import { setTimeout as pause } from 'node:timers/promises';
import type { Release, ReleaseName } from '@sluice/kernel/release/release';
import { openInferenceClient } from '@sluice/kernel/rpc/inference-client';
import type { Store } from '@sluice/kernel/store/store';
import type { Tracing } from '@sluice/kernel/telemetry/tracing';
import { isUpstream, type ReleaseIndex } from './core/served-release.ts';
import { type OpenRuntimes, openRuntimes, type RuntimesOptions } from './rpc/open-runtimes.ts';
import type { RuntimeLink } from './rpc/runtime-link.ts';
import { inEveryRuntime } from './rpc/runtime-repository.ts';
import { loadModel, type RepositoryOptions, unloadModel } from './upstream/repository.ts';
import type { UpstreamServer } from './upstream/upstream-server.ts';
import { Upstreams } from './upstream/upstreams.ts';

export interface ServersOptions extends RuntimesOptions {
  readonly store: Store;
  readonly tracer: Tracing['tracer'];
  readonly index: () => ReleaseIndex;
}

/** Whatever computes releases for this gateway. */
export interface Servers extends OpenRuntimes {
  readonly upstreams: Upstreams;
  readonly all: () => readonly (RuntimeLink | UpstreamServer)[];
  /** Those that could compute a release. */
  readonly of: (release: Release) => readonly (RuntimeLink | UpstreamServer)[];
  /** Why nothing can be computed; undefined: something can. */
  readonly notReady: () => string | undefined;
  /** Loads a model by hand, wherever it is computed. */
  readonly load: (model: string) => Promise<void>;
  readonly unload: (model: string) => Promise<void>;
  /** Has one release loaded wherever it is computed, as if somebody asked for it; rejects when it can be nowhere. */
  readonly loadRelease: (release: ReleaseName) => Promise<void>;
}

const openUpstreams = ({ config, log, protos, tracer, store, index, stack }: ServersOptions): Upstreams =>
  stack.use(
    new Upstreams({
      store,
      index,
      openClient: (address) =>
        openInferenceClient({ address, packages: protos, tracer, maxAnswerBytes: config.MAX_MESSAGE_BYTES }),
      log,
      limits: {
        pollMs: config.UPSTREAM_POLL_MS,
        silenceMs: config.UPSTREAM_SILENCE_MS,
        maxInFlight: config.UPSTREAM_MAX_IN_FLIGHT,
        goldenMs: config.DEFAULT_DEADLINE_MS,
      },
    }),
  );

const whyNotReady = ({ links, ready }: OpenRuntimes, upstreams: Upstreams): string | undefined => {
  if (ready()) return undefined;
  if (upstreams.all().some(({ available }) => available)) return undefined;
  return links().some(({ available }) => available) ? 'the runtimes are loading' : 'no runtime is reachable';
};

const verbs = { load: 'RepositoryModelLoad', unload: 'RepositoryModelUnload' } as const;

/** Longest wait for the announcement of what a runtime has just said that it did: it comes over another connection. */
const announcedMs = 1_000;

const untilAnnounced = async ({ changed }: OpenRuntimes, isAnnounced: () => boolean): Promise<void> => {
  const late = pause(announcedMs, 'late', { ref: false });
  while (!isAnnounced()) if ((await Promise.race([changed(), late])) === 'late') return;
};

/** Loads or unloads a model in the runtimes; resolves when this gateway knows of it. */
const inRuntimes = async (
  { protos, index }: ServersOptions,
  runtimes: OpenRuntimes,
  verb: 'load' | 'unload',
  model: string,
): Promise<void> => {
  await inEveryRuntime(runtimes.links(), protos, verbs[verb], model);
  const versions = (index().get(model) ?? [])
    .filter((each) => !('served' in each && isUpstream(each.served.release)))
    .map(({ version }) => ({ model, version }));
  const states = () =>
    runtimes
      .links()
      .filter(({ available }) => available)
      .flatMap((link) => versions.map((release) => link.held(release)?.state));
  // What it has loaded for the first time it has never announced before.
  const passing = verb === 'load' ? ['LOADING', 'UNLOADED', undefined] : ['READY', 'IN_CELL'];
  await untilAnnounced(runtimes, () => !states().some((state) => passing.includes(state)));
};

/** Runtimes that know nothing of it yet look at the store. */
const loadRelease = async (
  { index }: ServersOptions,
  runtimes: OpenRuntimes,
  upstreams: Upstreams,
  release: ReleaseName,
): Promise<void> => {
  const known = index()
    .get(release.model)
    ?.find(({ version }) => version === release.version);
  if (known !== undefined && 'served' in known && isUpstream(known.served.release)) {
    await upstreams.of(known.served.release).check(known.served.release);
    return;
  }
  const reachable = runtimes.links().filter(({ available }) => available);
  await Promise.any(reachable.map((link) => link.load(release)));
};

/** Opens the links to the runtimes and the clients of other servers, and puts them on the stack. */
export const openServers = async (options: ServersOptions): Promise<Servers> => {
  const runtimes = await openRuntimes(options);
  const upstreams = openUpstreams(options);
  const byHand = (verb: 'load' | 'unload'): RepositoryOptions => ({
    index: options.index,
    upstreams,
    inRuntimes: (model) => inRuntimes(options, runtimes, verb, model),
  });
  return {
    ...runtimes,
    upstreams,
    all: () => [...runtimes.runtimes(), ...upstreams.all()],
    of: (release) => (isUpstream(release) ? [upstreams.of(release)] : runtimes.runtimes()),
    notReady: () => whyNotReady(runtimes, upstreams),
    load: (model) => loadModel(byHand('load'), model),
    unload: (model) => unloadModel(byHand('unload'), model),
    loadRelease: (release) => loadRelease(options, runtimes, upstreams, release),
  };
};
