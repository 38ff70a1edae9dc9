import { storeUrlOf } from '@sluice/kernel/config/environment';
import type { Release } from '@sluice/kernel/release/release';
import { inferenceService } from '@sluice/kernel/rpc/inference-service';
import { defaultLimits, startRpcServer } from '@sluice/kernel/rpc/server';
import { serviceErrors } from '@sluice/kernel/rpc/status';
import { openStore } from '@sluice/kernel/store/open-store';
import { registerInferenceMetrics } from '@sluice/kernel/telemetry/inference-metrics';
import type { Log } from '@sluice/kernel/telemetry/log';
import { startOperationsServer } from '@sluice/kernel/telemetry/operations-server';
import { createRegistry } from '@sluice/kernel/telemetry/registry';
import { startTracing } from '@sluice/kernel/telemetry/tracing';
import { sluiceVersion } from '@sluice/kernel/version';
import { loadProtos } from '@sluice/protos/load';
import { nodeClock } from './clock/node-clock.ts';
import type { RuntimeConfig } from './config.ts';
import { ruleOf } from './core/batch-rule.ts';
import { createReleaseWorker } from './core/release-worker.ts';
import type { BatchReport } from './core/run-batch.ts';
import { createScheduler } from './core/scheduler.ts';
import { plainBackend } from './plain/backend.ts';
import { ReleaseHolder } from './releases/holder.ts';
import { addServices } from './rpc/services.ts';
import { loadOnnxRuntime } from './session/onnx-runtime.ts';
import { openSession } from './session/open-session.ts';
import type { Session } from './session/session.ts';
import { recordBatch } from './telemetry/batch-spans.ts';
import { registerHolderMetrics, registerRuntimeMetrics } from './telemetry/runtime-metrics.ts';

/**
 * Builds the runtime and puts it on the stack. Sessions close last, after the servers that use them
 * have drained; telemetry outlives them all.
 */
export const compose = async (
  config: RuntimeConfig,
  log: Log,
  stack: AsyncDisposableStack,
): Promise<void> => {
  const tracing = stack.use(
    await startTracing({
      service: 'sluice-model-runtime',
      environment: config.SLUICE_ENVIRONMENT,
      version: sluiceVersion,
      env: process.env,
    }),
  );
  const registry = createRegistry(config.SLUICE_ENVIRONMENT);
  const observe = registerRuntimeMetrics(registry);
  const draining = new AbortController();
  const ort = loadOnnxRuntime();

  const scheduler = createScheduler({
    clock: nodeClock,
    fault: (err) => log.error({ err }, 'a batch was answered, but not all that belongs to it was done'),
  });
  const createWorker = (release: Release, session: Session) =>
    createReleaseWorker({
      scheduler,
      limits: { maxEntries: config.MAX_QUEUE_ENTRIES, maxBytes: config.MAX_QUEUE_BYTES },
      rule: ruleOf(release),
      hasBatchAxis: release.signature.maxBatchSize > 0,
      run: (inputs) => session.run(inputs),
      report: (report: BatchReport) => {
        observe(release, report);
        if (tracing.enabled) recordBatch(tracing.tracer, release, report);
      },
    });

  const holder = stack.use(
    new ReleaseHolder({
      log,
      store: openStore(storeUrlOf(config)),
      openSession: (path) => openSession(ort, path, { intraOpThreads: config.INTRA_OP_THREADS }),
      createWorker,
    }),
  );
  registerHolderMetrics(registry, holder);
  const backend = plainBackend(holder);
  registerInferenceMetrics(registry, backend.statistics);

  const protos = loadProtos();
  const toServiceError = serviceErrors(protos);
  const environment = {
    tracer: tracing.tracer,
    log,
    toServiceError,
    draining: draining.signal,
    maxInFlightPerStream: config.MAX_STREAM_IN_FLIGHT,
  };
  const rpc = stack.use(
    await startRpcServer({
      host: config.BIND_HOST,
      port: config.GRPC_PORT,
      limits: { ...defaultLimits, maxMessageBytes: config.MAX_MESSAGE_BYTES },
      drainMs: config.DRAIN_MS,
      addServices: (server) =>
        addServices(server, protos, {
          holder,
          maxFrameBytes: config.MAX_MESSAGE_BYTES,
          draining: draining.signal,
          inference: inferenceService(backend, environment),
        }),
    }),
  );
  const operations = stack.use(
    await startOperationsServer({
      host: config.BIND_HOST,
      port: config.METRICS_PORT,
      registry,
      notReady: () => (draining.signal.aborted ? 'draining' : holder.ready ? undefined : 'loading'),
    }),
  );
  stack.defer(() => draining.abort());
  log.info(
    { grpc: `${config.BIND_HOST}:${rpc.port}`, metrics: `${config.BIND_HOST}:${operations.port}` },
    'listening',
  );
  await holder.loadAll(config.LOAD_MODELS);
  log.info({ releases: holder.all().filter(({ state }) => state.kind === 'READY').length }, 'ready');
};
