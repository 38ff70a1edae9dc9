import { Gauge, type Registry } from 'prom-client';
import type { ReleaseServer } from '../core/runtime.ts';

/** What the gauges tell of. */
export interface ServersState<R extends ReleaseServer, U extends ReleaseServer> {
  /** Runtimes and their cells. */
  readonly runtimes: () => readonly R[];
  /** Those and other servers. */
  readonly all: () => readonly (R | U)[];
  readonly isEjected: (runtime: R) => boolean;
  readonly kindOf: (server: R | U) => 'runtime' | 'cell' | 'upstream';
}

/** A gauge with a value for each server; those that have gone are no more. */
const ofEach = <S extends ReleaseServer>(
  registry: Registry,
  [name, help]: readonly [name: string, help: string],
  servers: () => readonly S[],
  value: (server: S) => number,
) =>
  new Gauge({
    name,
    help,
    labelNames: ['runtime'],
    registers: [registry],
    collect() {
      this.reset();
      for (const server of servers()) this.set({ runtime: server.address }, value(server));
    },
  });

/** Gauges of whatever computes releases, read when they are asked for. */
export const registerServersMetrics = <R extends ReleaseServer, U extends ReleaseServer>(
  registry: Registry,
  { runtimes, all, isEjected, kindOf }: ServersState<R, U>,
): void => {
  const available = ['sluice_runtime_available', '1 while it is connected and not stopping'] as const;
  ofEach(registry, available, all, (server) => Number(server.available));
  const inFlight = [
    'sluice_runtime_in_flight_requests',
    'Requests that it has and has not answered',
  ] as const;
  ofEach(registry, inFlight, all, (server) => server.inFlight);
  const ejected = ['sluice_runtime_ejected', '1 while it gets nothing that another can do'] as const;
  ofEach(registry, ejected, runtimes, (runtime) => Number(isEjected(runtime)));
  new Gauge({
    name: 'sluice_runtime_links',
    help: 'Connections that stand, by what is behind them: a runtime, a cell of one, another server',
    labelNames: ['kind'],
    registers: [registry],
    collect() {
      for (const kind of ['runtime', 'cell', 'upstream'] as const)
        this.set({ kind }, all().filter((each) => each.available && kindOf(each) === kind).length);
    },
  });
};
