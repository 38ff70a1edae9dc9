import { Counter, Gauge, type Registry } from 'prom-client';
import type { Runtime } from '../core/runtime.ts';
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

/** What the gauges tell of. */
export interface RuntimesState<R extends Runtime> {
  readonly runtimes: () => readonly R[];
  readonly isEjected: (runtime: R) => boolean;
  readonly kindOf: (runtime: R) => 'runtime' | 'cell';
}

/** Gauges of the runtimes, read when they are asked for. */
export const registerRuntimesMetrics = <R extends Runtime>(
  registry: Registry,
  { runtimes, isEjected, kindOf }: RuntimesState<R>,
): void => {
  const registers = [registry];
  const ofEachRuntime = (name: string, help: string, value: (runtime: R) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['runtime'],
      registers,
      collect() {
        // Runtimes that have gone are no more.
        this.reset();
        for (const runtime of runtimes()) this.set({ runtime: runtime.address }, value(runtime));
      },
    });
  ofEachRuntime('sluice_runtime_available', '1 while the runtime is connected and not stopping', (runtime) =>
    Number(runtime.available),
  );
  ofEachRuntime('sluice_runtime_ejected', '1 while the runtime gets nothing that another can do', (runtime) =>
    Number(isEjected(runtime)),
  );
  ofEachRuntime(
    'sluice_runtime_in_flight_requests',
    'Requests that the runtime has and has not answered',
    ({ inFlight }) => inFlight,
  );
  new Gauge({
    name: 'sluice_runtime_links',
    help: 'Links that are connected, by what is behind them: a runtime, or a cell of one',
    labelNames: ['kind'],
    registers,
    collect() {
      for (const kind of ['runtime', 'cell'] as const)
        this.set({ kind }, runtimes().filter((each) => each.available && kindOf(each) === kind).length);
    },
  });
};
