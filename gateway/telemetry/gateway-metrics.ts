import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Answer, Call, ResolvedCall } from '../core/call.ts';
import type { Runtime } from '../core/runtime.ts';

const seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const phaseSeconds = [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, ...seconds];
const labelNames = ['model', 'version'] as const;

export interface GatewayMetrics {
  request(call: Call, code: string, seconds: number): void;
  answered(call: ResolvedCall, answer: Answer): void;
  redispatched(): void;
}

/** The gateway's own metrics. Only names of releases become labels, never what callers send. */
export const registerGatewayMetrics = (registry: Registry): GatewayMetrics => {
  const registers = [registry];
  const histogram = <L extends string>(name: string, help: string, labels: readonly L[], buckets: number[]) =>
    new Histogram<L>({ name, help, labelNames: labels, buckets, registers });
  const request = histogram(
    'sluice_request_seconds',
    'Time from arrival to reply',
    ['door', 'code'],
    seconds,
  );
  const total = histogram(
    'sluice_prediction_seconds',
    'Time from arrival to the answer of a release',
    labelNames,
    seconds,
  );
  const queue = histogram('sluice_queue_seconds', "Time in the runtime's queue", labelNames, phaseSeconds);
  const batch = histogram(
    'sluice_batch_seconds',
    'Time of gathering and splitting the batch',
    labelNames,
    phaseSeconds,
  );
  const compute = histogram('sluice_compute_seconds', 'Time of running the graph', labelNames, phaseSeconds);
  const size = histogram(
    'sluice_batch_size',
    'Requests computed together, as each of them saw it',
    labelNames,
    [1, 2, 4, 8, 16, 32, 64, 128, 256],
  );
  const redispatches = new Counter({
    name: 'sluice_redispatch_total',
    help: 'Requests sent once more, because their runtime was lost',
    registers,
  });
  return {
    request: (call, code, elapsed) => request.observe({ door: call.scope.door, code }, elapsed),
    answered: ({ served: { release } }, { timings, totalMs }) => {
      const labels = { model: release.model, version: release.version };
      total.observe(labels, totalMs / 1000);
      queue.observe(labels, timings.queueUs / 1e6);
      batch.observe(labels, (timings.computeInputUs + timings.computeOutputUs) / 1e6);
      compute.observe(labels, timings.computeInferUs / 1e6);
      size.observe(labels, timings.batchSize);
    },
    redispatched: () => redispatches.inc(),
  };
};

/** Gauges that are read when they are asked for. */
export const registerStateMetrics = (
  registry: Registry,
  state: { runtimes: () => readonly Runtime[]; revision: () => number },
): void => {
  const registers = [registry];
  new Gauge({
    name: 'sluice_runtime_available',
    help: '1 while the runtime is connected and not stopping',
    labelNames: ['runtime'],
    registers,
    collect() {
      for (const { address, available } of state.runtimes())
        this.set({ runtime: address }, Number(available));
    },
  });
  new Gauge({
    name: 'sluice_runtime_in_flight_requests',
    help: 'Requests that the runtime has and has not answered',
    labelNames: ['runtime'],
    registers,
    collect() {
      for (const { address, inFlight } of state.runtimes()) this.set({ runtime: address }, inFlight);
    },
  });
  new Gauge({
    name: 'sluice_revision',
    help: 'Number of the revision in force',
    registers,
    collect() {
      this.set(state.revision());
    },
  });
};
