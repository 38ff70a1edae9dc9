import { Balancer } from '../core/balancer.ts';
import type { Computed } from '../core/call.ts';
import { OnDemand } from '../core/on-demand.ts';
import { Quarantine } from '../core/quarantine.ts';
import { RetryBudget } from '../core/retry-budget.ts';
import { StallWatch } from '../core/stall-watch.ts';
import { dispatch } from '../layers/dispatch.ts';
import { type TestRuntime, testRuntime } from './runtimes.ts';

/** Between two looks of the stall watch. */
export const everyMs = 250;

export interface SlowRuntime extends TestRuntime {
  /** What was asked, in order: the test answers it. */
  readonly waiting: PromiseWithResolvers<Computed>[];
}

/** A runtime that answers when the test says so. */
export const slowRuntime = (address: string): SlowRuntime => {
  const waiting: PromiseWithResolvers<Computed>[] = [];
  const infer = (): Promise<Computed> => {
    const next = Promise.withResolvers<Computed>();
    waiting.push(next);
    return next.promise;
  };
  return Object.assign(testRuntime(address, { infer }), { waiting });
};

/** Dispatch as compose builds it, over runtimes in memory and under a clock of the test's own. */
export const dispatchWorld = (runtimes: readonly TestRuntime[], retries = 100) => {
  let at = 0;
  const now = (): number => at;
  const ejected: string[] = [];
  const counts = { redispatches: 0, empty: 0 };
  const balancer = new Balancer({
    ejectMs: 1_000,
    reentryMs: 1_000,
    now,
    random: () => 0,
    onEjected: ({ address }, reason) => ejected.push(`${address} ${reason}`),
  });
  balancer.update(runtimes);
  const quarantine = new Quarantine({ quarantineMs: 1_000, now });
  const budget = new RetryBudget({ share: 0, perSecond: retries / 10, now });
  const watch = new StallWatch({ balancer, budget, stallMs: 1_000, everyMs, now });
  const onDemand = new OnDemand({
    runtimes: () => balancer.runtimes,
    choose: (release, without) => balancer.choose(release, without),
    changed: () => new Promise(() => undefined),
    check: (release) => quarantine.check(release),
    waitMs: 1_000,
    now,
    onWaited: () => undefined,
  });
  const handle = dispatch({
    onDemand,
    balancer,
    budget,
    quarantine,
    onRedispatch: () => {
      counts.redispatches += 1;
    },
    onBudgetEmpty: () => {
      counts.empty += 1;
    },
  });
  const look = (times = 1): void => {
    for (let time = 0; time < times; time += 1) {
      at += everyMs;
      watch.look();
    }
  };
  const standStill = (ms: number): void => {
    at += ms;
  };
  return { handle, balancer, quarantine, ejected, counts, look, standStill, now };
};
