import type { ReleaseName } from '@sluice/kernel/release/release';
import type { Log } from '@sluice/kernel/telemetry/log';
import type { Packages } from '@sluice/protos/load';
import type { GatewayConfig } from '../config.ts';
import { Balancer } from '../core/balancer.ts';
import { OnDemand } from '../core/on-demand.ts';
import type { Quarantine } from '../core/quarantine.ts';
import { RetryBudget } from '../core/retry-budget.ts';
import { StallWatch } from '../core/stall-watch.ts';
import type { EjectionReason } from '../core/standing.ts';
import { RuntimesFile } from '../runtimes/runtimes-file.ts';
import type { RuntimeLink } from './runtime-link.ts';
import { RuntimeSet } from './runtime-set.ts';

export interface RuntimesOptions {
  readonly config: GatewayConfig;
  readonly log: Log;
  readonly protos: Packages;
  readonly quarantine: Quarantine;
  readonly now: () => number;
  /** A request waited for its release to be loaded. */
  readonly onWaited: (ms: number) => void;
  readonly onEjected: (reason: EjectionReason) => void;
  readonly stack: AsyncDisposableStack;
}

export interface OpenRuntimes {
  readonly balancer: Balancer;
  readonly budget: RetryBudget;
  readonly onDemand: OnDemand;
  /** The links to the runtimes of the list, without their cells. */
  readonly links: () => readonly RuntimeLink[];
  /** The same, with their cells. */
  readonly runtimes: () => readonly RuntimeLink[];
  /** As RuntimeSet's. */
  readonly ready: () => boolean;
  /** Resolves when a runtime next comes, goes, or announces something. */
  readonly changed: () => Promise<void>;
}

/** Retries that are there however little traffic there is (Finagle's RetryBudget: minRetriesPerSec). */
const reservePerSecond = 10;
/** Looks for stalled runtimes, within the time after which one has stalled. */
const looks = 4;

const openBalancer = ({ config, log, now, onEjected }: RuntimesOptions): Balancer =>
  new Balancer({
    ejectMs: config.EJECT_MS,
    reentryMs: config.REENTRY_MS,
    now,
    random: Math.random,
    onEjected: ({ address }, reason, lastsMs) => {
      onEjected(reason);
      log.warn({ runtime: address, reason, lasts_ms: lastsMs }, 'runtime is ejected');
    },
  });

/** Follows the list of runtimes, wherever it is. */
const followList = async ({ config, log, stack }: RuntimesOptions, set: RuntimeSet): Promise<void> => {
  const { RUNTIMES_FILE: path, RUNTIME_URLS: addresses, STORE_POLL_MS: pollMs } = config;
  if (path === undefined) return set.set(addresses);
  const onAddresses = (given: readonly string[]): void => set.set(given);
  await stack.use(new RuntimesFile({ path, pollMs, log, onAddresses })).start();
};

const watchStalls = (
  { config, now, stack }: RuntimesOptions,
  parts: Pick<OpenRuntimes, 'balancer' | 'budget'>,
): void => {
  const { STALL_MS: stallMs } = config;
  const everyMs = Math.ceil(stallMs / looks);
  const watch = new StallWatch({ ...parts, stallMs, everyMs, now });
  stack.adopt(
    setInterval(() => watch.look(), everyMs),
    clearInterval,
  );
};

/** Opens the links to the runtimes, now and whenever the list changes, and watches over them. */
export const openRuntimes = async (options: RuntimesOptions): Promise<OpenRuntimes> => {
  const { config, log, protos, quarantine, now, stack } = options;
  const balancer = openBalancer(options);
  const budget = new RetryBudget({ share: config.RETRY_SHARE, perSecond: reservePerSecond, now });
  const suspect = (releases: readonly ReleaseName[]): void => {
    for (const release of releases)
      if (quarantine.lost(release))
        log.error(
          { ...release },
          `${release.model} ${release.version} took down two runtimes: in quarantine`,
        );
  };
  let next = Promise.withResolvers<void>();
  const set: RuntimeSet = stack.use(
    new RuntimeSet({
      packages: protos,
      maxFrameBytes: config.MAX_MESSAGE_BYTES,
      log,
      onChange: () => {
        balancer.update(set.runtimes);
        next.resolve();
        next = Promise.withResolvers();
      },
      onLost: (runtime, releases) => {
        balancer.lost(runtime);
        suspect(releases);
      },
    }),
  );
  await followList(options, set);
  watchStalls(options, { balancer, budget });
  const onDemand = new OnDemand({
    runtimes: () => balancer.runtimes,
    choose: (release, without) => balancer.choose(release, without),
    changed: () => next.promise,
    check: (release) => quarantine.check(release),
    waitMs: config.LOAD_WAIT_MS,
    now,
    onWaited: options.onWaited,
  });
  return {
    balancer,
    budget,
    onDemand,
    links: () => set.links,
    runtimes: () => set.runtimes,
    ready: () => set.ready,
    changed: () => next.promise,
  };
};
