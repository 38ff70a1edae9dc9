import { storeCacheOf, storeUrlOf } from '@sluice/kernel/config/environment';
import type { InferenceBackend } from '@sluice/kernel/oip/inference-backend';
import type { Release } from '@sluice/kernel/release/release';
import { inferenceService } from '@sluice/kernel/rpc/inference-service';
import { defaultLimits, type RpcServer, startRpcServer } from '@sluice/kernel/rpc/server';
import { serviceErrors } from '@sluice/kernel/rpc/status';
import { openStore } from '@sluice/kernel/store/open-store';
import type { Log } from '@sluice/kernel/telemetry/log';
import { startTracing } from '@sluice/kernel/telemetry/tracing';
import { sluiceVersion } from '@sluice/kernel/version';
import type { Packages } from '@sluice/protos/load';
import { nodeClock } from './clock/node-clock.ts';
import type { RuntimeConfig } from './config.ts';
import { ruleOf } from './core/batch-rule.ts';
import { createReleaseWorker } from './core/release-worker.ts';
import type { BatchReport } from './core/run-batch.ts';
import { createScheduler } from './core/scheduler.ts';
import type { HolderOptions } from './releases/holder.ts';
import type { Announced } from './rpc/announce.ts';
import { addServices } from './rpc/services.ts';
import { loadOnnxRuntime } from './session/onnx-runtime.ts';
import { openSession } from './session/open-session.ts';
import { timedRun } from './session/timed-run.ts';
import { recordBatch } from './telemetry/batch-spans.ts';

/** What a runtime and a cell are both made of. */

type Tracing = Awaited<ReturnType<typeof startTracing>>;

export const openTracing = (config: RuntimeConfig): Promise<Tracing> =>
  startTracing({
    service: 'sluice-model-runtime',
    environment: config.SLUICE_ENVIRONMENT,
    version: sluiceVersion,
    env: process.env,
  });

export const queueLimits = (config: RuntimeConfig) => ({
  maxEntries: config.MAX_QUEUE_ENTRIES,
  maxBytes: config.MAX_QUEUE_BYTES,
});

/** Answers leave when the turn of the event loop after this one ends (kernel/link/frame-writer.ts). */
const afterAnswers = (act: () => void): void => {
  setImmediate(() => setImmediate(act));
};

/** Store, sessions and queues of the releases that this process holds itself. */
export const holderParts = (
  config: RuntimeConfig,
  log: Log,
  tracing: Tracing,
  observe: (release: Release, report: BatchReport) => void,
): Omit<HolderOptions, 'createCelled' | 'on'> => {
  const ort = loadOnnxRuntime();
  const fault = (err: unknown): void =>
    log.error({ err }, 'a batch was answered, but not all that belongs to it was done');
  const scheduler = createScheduler({ clock: nodeClock, fault });
  const traceBatch = (release: Release, report: BatchReport): void => {
    try {
      recordBatch(tracing.tracer, release, report);
    } catch (thrown) {
      fault(thrown);
    }
  };
  return {
    log,
    store: openStore(storeUrlOf(config), storeCacheOf(config)),
    openSession: (path) => openSession(ort, path, { intraOpThreads: config.INTRA_OP_THREADS }),
    thresholdMs: config.CELL_THRESHOLD_MS,
    maxComputeMs: config.MAX_COMPUTE_MS,
    limits: { bytes: config.MAX_LOADED_BYTES, cells: config.MAX_CELLS },
    createWorker: (release, session, computed) =>
      createReleaseWorker({
        scheduler,
        limits: queueLimits(config),
        rule: ruleOf(release),
        hasBatchAxis: release.signature.maxBatchSize > 0,
        run: timedRun(session, computed),
        report: (report) => {
          observe(release, report);
          if (tracing.enabled) afterAnswers(() => traceBatch(release, report));
        },
      }),
  };
};

export interface DoorOptions extends Announced {
  readonly config: RuntimeConfig;
  readonly log: Log;
  readonly protos: Packages;
  readonly tracing: Tracing;
  readonly backend: InferenceBackend;
  /** Aborted when the process stops. */
  readonly draining: AbortSignal;
  /** Looks for something new in the store. */
  readonly refresh: () => void;
}

/** The gRPC port: the link and the plain protocol. */
export const openDoor = ({
  config,
  log,
  protos,
  tracing,
  backend,
  draining,
  refresh,
  ...announced
}: DoorOptions): Promise<RpcServer> => {
  const inference = inferenceService(backend, {
    tracer: tracing.tracer,
    log,
    toServiceError: serviceErrors(protos),
    draining,
    maxInFlightPerStream: config.MAX_STREAM_IN_FLIGHT,
  });
  return startRpcServer({
    host: config.BIND_HOST,
    port: config.GRPC_PORT,
    limits: { ...defaultLimits, maxMessageBytes: config.MAX_MESSAGE_BYTES },
    drainMs: config.DRAIN_MS,
    addServices: (server) => addServices(server, protos, { ...announced, draining, refresh, inference }),
  });
};
