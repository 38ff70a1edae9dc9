import { Counter, type Registry } from 'prom-client';
import type { EjectionReason } from '../core/standing.ts';

export interface DispatchMetrics {
  redispatched(): void;
  budgetEmpty(): void;
  ejected(reason: EjectionReason): void;
}

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
  for (const reason of ejectionReasons) ejections.inc({ reason }, 0);
  return {
    redispatched: () => redispatches.inc(),
    budgetEmpty: () => refusals.inc(),
    ejected: (reason) => ejections.inc({ reason }),
  };
};
