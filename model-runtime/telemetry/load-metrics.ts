import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { ReleaseHolder } from '../releases/holder.ts';
import type { LoadCause, LoadEvents, UnloadCause } from '../releases/loader.ts';

const loadCauses: readonly LoadCause[] = ['eager', 'demand', 'hand'];
const unloadCauses: readonly UnloadCause[] = ['room', 'hand'];
const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** What comes and goes, and what it takes. */
export const registerLoadMetrics = (registry: Registry, holder: () => ReleaseHolder): LoadEvents => {
  const registers = [registry];
  new Gauge({
    name: 'sluice_runtime_loaded_bytes',
    help: 'Memory of the loaded releases, as their files tell',
    registers,
    collect() {
      this.set(holder().takenBytes);
    },
  });
  const loads = new Counter({
    name: 'sluice_runtime_loads_total',
    help: 'Releases that were loaded, or could not be, by cause: eager, demand, hand',
    labelNames: ['cause', 'outcome'],
    registers,
  });
  const unloads = new Counter({
    name: 'sluice_runtime_unloads_total',
    help: 'Releases that were unloaded, by cause: for the room of another one, or by hand',
    labelNames: ['cause'],
    registers,
  });
  const time = new Histogram({
    name: 'sluice_runtime_load_seconds',
    help: 'From the asking to the end of a load',
    labelNames: ['cause'],
    buckets: seconds,
    registers,
  });
  for (const cause of loadCauses)
    for (const outcome of ['loaded', 'failed']) loads.inc({ cause, outcome }, 0);
  for (const cause of unloadCauses) unloads.inc({ cause }, 0);
  return {
    loaded: (cause, ok, ms) => {
      loads.inc({ cause, outcome: ok ? 'loaded' : 'failed' });
      time.observe({ cause }, ms / 1000);
    },
    unloaded: (cause) => unloads.inc({ cause }),
  };
};
