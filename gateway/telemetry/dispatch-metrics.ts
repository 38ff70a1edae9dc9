import { Counter, Histogram, type Registry } from 'prom-client';
import type { EjectionReason } from '../core/standing.ts';

export interface DispatchMetrics {
  redispatched(): void;
  budgetEmpty(): void;
  /** A request waited for its release to be loaded. */
  waited(ms: number): void;
  ejected(reason: EjectionReason): void;
}

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const ejectionReasons: readonly EjectionReason[] = ['lost', 'faults', 'silent'];

/** What dispatch counts. */
export const registerDispatchMetrics = (registry: Registry): DispatchMetrics => {
  const registers = [registry];
  const redispatches = new Counter({
    name: 'sluice_redispatch_total',
    help: 'Requests sent once more, because their runtime was lost or silent',
    registers,
  });
  const refusals = new Counter({
    name: 'sluice_retry_budget_empty_total',
    help: 'Requests that failed with a lost runtime, because the budget for sending them once more was empty',
    registers,
  });
  const ejections = new Counter({
    name: 'sluice_runtime_ejections_total',
    help: 'Runtimes kept out for a while, by reason',
    labelNames: ['reason'],
    registers,
  });
  const waits = new Histogram({
    name: 'sluice_load_wait_seconds',
    help: 'Time that a request waited for its release to be loaded',
    buckets: seconds,
    registers,
  });
  for (const reason of ejectionReasons) ejections.inc({ reason }, 0);
  return {
    redispatched: () => redispatches.inc(),
    budgetEmpty: () => refusals.inc(),
    waited: (ms) => waits.observe(ms / 1000),
    ejected: (reason) => ejections.inc({ reason }),
  };
};
