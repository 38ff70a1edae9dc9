import type { Release } from '@sluice/kernel/release/release';
import { Gauge, Histogram, type Registry } from 'prom-client';
import type { BatchReport } from '../core/run-batch.ts';
import type { ReleaseHolder } from '../releases/holder.ts';

const labelNames = ['model', 'version'] as const;
const seconds = [
  0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
  0.5, 1,
];

/** The runtime's own metrics; the answer observes one batch. */
export const registerRuntimeMetrics = (
  registry: Registry,
): ((release: Release, report: BatchReport) => void) => {
  const registers = [registry];
  const batch = new Histogram({
    name: 'sluice_runtime_batch_seconds',
    help: 'Time of one batch, from gathering its members to splitting its outputs',
    labelNames,
    buckets: seconds,
    registers,
  });
  const size = new Histogram({
    name: 'sluice_runtime_batch_size',
    help: 'Requests computed together',
    labelNames,
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
    registers,
  });
  return ({ model, version }, { jobs, startedAt, endedAt }) => {
    batch.observe({ model, version }, (endedAt - startedAt) / 1000);
    size.observe({ model, version }, jobs.length);
  };
};

/** Gauges that are read from the holder when they are asked for. */
export const registerHolderMetrics = (registry: Registry, holder: ReleaseHolder): void => {
  const registers = [registry];
  new Gauge({
    name: 'sluice_runtime_release_ready',
    help: '1 where the release can be served, 0 where it cannot',
    labelNames,
    registers,
    collect() {
      this.reset();
      for (const { model, version, state } of holder.all())
        if (state.kind !== 'ON_DEMAND')
          this.set({ model, version }, state.kind === 'READY' || state.kind === 'IN_CELL' ? 1 : 0);
    },
  });
};

/** The queues of what this process computes itself; a runtime adds those of its cells. */
export const registerQueueMetrics = (registry: Registry, holder: ReleaseHolder): void => {
  const registers = [registry];
  new Gauge({
    name: 'sluice_runtime_queued_requests',
    help: 'Requests that wait in the queue of the release',
    labelNames,
    registers,
    collect() {
      this.reset();
      for (const { model, version, state } of holder.all())
        if (state.kind === 'READY') this.set({ model, version }, state.worker.queued);
    },
  });
  new Gauge({
    name: 'sluice_runtime_queued_bytes',
    help: 'Bytes of the inputs that wait in the queue of the release',
    labelNames,
    registers,
    collect() {
      this.reset();
      for (const { model, version, state } of holder.all())
        if (state.kind === 'READY') this.set({ model, version }, state.worker.queuedBytes);
    },
  });
};
