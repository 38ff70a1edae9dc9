import type { IndexEntry, InferenceBackend } from '@sluice/kernel/oip/inference-backend';
import type { Statistics } from '@sluice/kernel/oip/statistics';
import type { Release } from '@sluice/kernel/release/release';
import type { Answer, Call } from '../core/call.ts';
import type { Handler } from '../core/layers.ts';
import { stateOf } from '../core/release-state.ts';
import { versionsOf } from '../core/release-view.ts';
import type { Resolver } from '../core/resolve-release.ts';
import type { ReleaseServer } from '../core/runtime.ts';
import type { IndexedRelease } from '../core/served-release.ts';
import { inferOver } from './infer-over.ts';

/** Whatever computes releases. */
export interface ReleaseServers {
  readonly all: () => readonly ReleaseServer[];
  /** Those that could compute a release. */
  readonly of: (release: Release) => readonly ReleaseServer[];
}

export interface BackendOptions {
  readonly handle: Handler<Call, Answer>;
  readonly resolver: () => Resolver;
  readonly servers: ReleaseServers;
  readonly statistics: Statistics;
  readonly ready: () => boolean;
  readonly load: (model: string) => Promise<void>;
  readonly unload: (model: string) => Promise<void>;
}

/** As the protocol says it: what is there for whoever asks is ready. */
const protocolStates = {
  READY: 'READY',
  ON_DEMAND: 'READY',
  LOADING: 'LOADING',
  UNLOADED: 'UNAVAILABLE',
  UNAVAILABLE: 'UNAVAILABLE',
} as const;

const entryOf = (servers: ReleaseServers, model: string, indexed: IndexedRelease): IndexEntry => {
  const { version } = indexed;
  if ('fault' in indexed) return { model, version, state: 'UNAVAILABLE', reason: indexed.fault };
  const { release } = indexed.served;
  const { state, reason } = stateOf(servers.of(release), release);
  const told = state === 'ON_DEMAND' ? 'loaded when somebody asks for it' : reason;
  return { model, version, state: protocolStates[state], reason: told };
};

/** The gateway behind the doors that speak the Open Inference Protocol. */
export const gatewayBackend = (options: BackendOptions): InferenceBackend => {
  const { handle, resolver, servers, statistics, ready, load, unload } = options;
  return {
    infer: inferOver(handle),
    ready,
    statistics,
    load,
    unload,
    find: async (model, version) => (await resolver().resolve(model, version)).served.release,
    isReady: (release) => protocolStates[stateOf(servers.of(release), release).state] === 'READY',
    versions: (model) => versionsOf(resolver().index, model).map(({ version }) => version),
    index: () =>
      [...resolver().index].flatMap(([model, releases]) =>
        releases.map((each) => entryOf(servers, model, each)),
      ),
  };
};
