import type { Release } from '@sluice/kernel/release/release';
import { registerHistogram, type Series } from '@sluice/kernel/telemetry/histogram';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Answer, Call, ResolvedCall } from '../core/call.ts';

const seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Refusals take less than anything that is computed. */
const requestSeconds = [0.0001, 0.00025, ...seconds];
const phaseSeconds = [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, ...seconds];
const labelNames = ['model', 'version'] as const;

export interface GatewayMetrics {
  request(call: Call, code: string, seconds: number): void;
  answered(call: ResolvedCall, answer: Answer): void;
}

/** What is observed of each answer of a release. */
const releaseHistograms = (registry: Registry) => {
  const register = (name: string, help: string, buckets: readonly number[]) =>
    registerHistogram(registry, { name, help, labelNames, buckets });
  const total = register(
    'sluice_prediction_seconds',
    'Time from arrival to the answer of a release',
    seconds,
  );
  const queue = register('sluice_queue_seconds', "Time in the runtime's queue", phaseSeconds);
  const batch = register('sluice_batch_seconds', 'Time of gathering and splitting the batch', phaseSeconds);
  const compute = register('sluice_compute_seconds', 'Time of running the graph', phaseSeconds);
  const sizes = [1, 2, 4, 8, 16, 32, 64, 128, 256];
  const size = register('sluice_batch_size', 'Requests computed together, as each of them saw it', sizes);
  return ({ model, version }: Release) => {
    const labels = { model, version };
    const series = [total, queue, batch, compute, size].map((histogram) => histogram(labels));
    return series as [Series, Series, Series, Series, Series];
  };
};

/** The gateway's own metrics. Only names of releases become labels, never what callers send. */
export const registerGatewayMetrics = (registry: Registry): GatewayMetrics => {
  const request = registerHistogram(registry, {
    name: 'sluice_request_seconds',
    help: 'Time from arrival to reply',
    labelNames: ['door', 'code'],
    buckets: requestSeconds,
  });
  const refusals = new Counter({
    name: 'sluice_refusals_total',
    help: 'Requests that a rule of the release refused, by the code of the rule',
    labelNames: ['model', 'version', 'code'],
    registers: [registry],
  });
  const apart = new Counter({
    name: 'sluice_synthetic_requests_total',
    help: 'Requests that are no traffic and counted nowhere else: synthetic, or replay',
    labelNames: ['kind', 'code'],
    registers: [registry],
  });
  apart.inc({ kind: 'synthetic', code: 'OK' }, 0);
  const newSeries = releaseHistograms(registry);
  const known = new WeakMap<Release, ReturnType<typeof newSeries>>();
  const seriesOf = (release: Release) => {
    const found = known.get(release);
    if (found !== undefined) return found;
    const made = newSeries(release);
    known.set(release, made);
    return made;
  };
  const byDoor = new Map<string, Map<string, Series>>();
  /** Found without a text of all labels, which would be put together for each call. */
  const requestsOf = (door: string, code: string): Series => {
    const byCode = byDoor.get(door) ?? new Map<string, Series>();
    byDoor.set(door, byCode);
    const series = byCode.get(code) ?? request({ door, code });
    byCode.set(code, series);
    return series;
  };
  return {
    request: ({ scope, traffic }, code, elapsed) => {
      if (traffic === 'user') requestsOf(scope.door, code).observe(elapsed);
      else apart.inc({ kind: traffic, code });
    },
    answered: ({ served: { release } }, { outcome, timings, totalMs }) => {
      const { model, version } = release;
      if (outcome.kind === 'refusal') refusals.inc({ model, version, code: outcome.code });
      if (timings === undefined) return;
      const [total, queue, batch, compute, size] = seriesOf(release);
      total.observe(totalMs / 1000);
      queue.observe(timings.queueUs / 1e6);
      batch.observe((timings.computeInputUs + timings.computeOutputUs) / 1e6);
      compute.observe(timings.computeInferUs / 1e6);
      size.observe(timings.batchSize);
    },
  };
};

/** The streams that callers have open, counted when they are asked for. */
export const registerStreamsMetric = (registry: Registry, open: () => number): void => {
  new Gauge({
    name: 'sluice_open_streams',
    help: 'Streams that callers have open',
    registers: [registry],
    collect() {
      this.set(open());
    },
  });
};

/** How long ago the store was last read, looked up when it is asked for. */
export const registerStoreMetric = (registry: Registry, ageMs: () => number): void => {
  new Gauge({
    name: 'sluice_store_age_seconds',
    help: 'Time since the store was last read; it rises while the store cannot be read',
    registers: [registry],
    collect() {
      this.set(ageMs() / 1000);
    },
  });
};

/** The number of the revision in force, read when it is asked for. */
export const registerRevisionMetric = (registry: Registry, revision: () => number): void => {
  new Gauge({
    name: 'sluice_revision',
    help: 'Number of the revision in force',
    registers: [registry],
    collect() {
      this.set(revision());
    },
  });
};
