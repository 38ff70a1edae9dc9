import { performance } from 'node:perf_hooks';
import { storeCacheOf, storeUrlOf } from '@sluice/kernel/config/environment';
import { Statistics } from '@sluice/kernel/oip/statistics';
import { openStore } from '@sluice/kernel/store/open-store';
import { registerInferenceMetrics } from '@sluice/kernel/telemetry/inference-metrics';
import type { Log } from '@sluice/kernel/telemetry/log';
import { registerLoopDelay } from '@sluice/kernel/telemetry/loop-delay';
import { startOperationsServer } from '@sluice/kernel/telemetry/operations-server';
import { createRegistry } from '@sluice/kernel/telemetry/registry';
import { startTracing } from '@sluice/kernel/telemetry/tracing';
import { sluiceVersion } from '@sluice/kernel/version';
import { loadProtos } from '@sluice/protos/load';
import type { GatewayConfig } from './config.ts';
import { Quarantine } from './core/quarantine.ts';
import { scorerReports } from './link/scorer-reports.ts';
import { openAdmission } from './open-admission.ts';
import { openDoors } from './open-doors.ts';
import { openPublisher } from './open-publisher.ts';
import { openRecords } from './open-records.ts';
import { openServers } from './open-servers.ts';
import { gatewayBackend } from './predict/backend.ts';
import { StoreWatch } from './releases/store-watch.ts';
import { composeRoad } from './road.ts';
import { openStreams } from './streams/streams.ts';
import { registerAdmissionMetrics } from './telemetry/admission-metrics.ts';
import { registerDispatchMetrics } from './telemetry/dispatch-metrics.ts';
import {
  registerGatewayMetrics,
  registerRevisionMetric,
  registerStoreMetric,
} from './telemetry/gateway-metrics.ts';
import { registerServersMetrics } from './telemetry/servers-metrics.ts';

/** The global performance is looked up with a getter each time: it is imported where every request asks for the time. */
const now = (): number => performance.now();

/**
 * Builds the gateway and puts it on the stack. Stopping is starting in reverse: first readiness
 * falls and streams end, then the doors drain, then the links to the runtimes close, telemetry last.
 */
export const compose = async (
  config: GatewayConfig,
  log: Log,
  stack: AsyncDisposableStack,
): Promise<void> => {
  const service = 'sluice-gateway';
  const tracing = stack.use(
    await startTracing({
      service,
      environment: config.SLUICE_ENVIRONMENT,
      version: sluiceVersion,
      env: process.env,
    }),
  );
  const registry = createRegistry(config.SLUICE_ENVIRONMENT);
  stack.use(registerLoopDelay(registry));
  const metrics = registerGatewayMetrics(registry);
  const dispatched = registerDispatchMetrics(registry);
  const statistics = new Statistics();
  registerInferenceMetrics(registry, statistics);

  const store = openStore(storeUrlOf(config), storeCacheOf(config));
  const watch = stack.use(
    new StoreWatch({
      store,
      log,
      pollMs: config.STORE_POLL_MS,
      revisionPollMs: config.REVISION_POLL_MS,
    }),
  );
  await watch.start();
  const protos = loadProtos();
  const quarantine = new Quarantine({ quarantineMs: config.QUARANTINE_MS, now });
  const { tracer } = tracing;
  const index = () => watch.index;
  const servers = await openServers({
    config,
    log,
    protos,
    tracer,
    store,
    index,
    quarantine,
    now,
    onWaited: dispatched.waited,
    onEjected: dispatched.ejected,
    stack,
  });
  watch.onNews(() => {
    for (const link of servers.links()) link.refresh();
  });
  registerServersMetrics(registry, {
    ...servers,
    isEjected: (runtime) => servers.balancer.isEjected(runtime),
    kindOf: ({ kind }) => kind,
  });
  registerStoreMetric(registry, () => watch.ageMs);
  registerRevisionMetric(registry, () => watch.revision.revision);

  const draining = new AbortController();
  const notReady = () => (draining.signal.aborted ? 'draining' : servers.notReady());
  let opened = false;
  const admitting = openAdmission({ config, log, models: index, now });
  registerAdmissionMetrics(registry, admitting);
  const records = await openRecords({ config, log, registry, tracer, watch, now, stack });
  const handle = composeRoad({
    config,
    log,
    metrics,
    dispatched,
    statistics,
    watch,
    servers,
    quarantine,
    admitting,
    write: records.write,
    now,
  });
  const sources = { resolver: () => watch.resolver, servers };
  const backend = gatewayBackend({
    ...sources,
    handle,
    statistics,
    ready: () => notReady() === undefined,
    load: async (model) => {
      await watch.reread(model);
      quarantine.clear(model);
      await servers.load(model);
    },
    unload: servers.unload,
  });
  const reports = scorerReports();
  const streams = openStreams({ revision: () => watch.revision, sharesOf: reports.sharesOf });
  const door = {
    config,
    log,
    tracer,
    draining: draining.signal,
    notReady,
    handle,
    backend,
    models: sources,
    predictions: records.predictions,
    streams,
  };
  const operations = stack.use(
    await startOperationsServer({
      host: config.BIND_HOST,
      port: config.METRICS_PORT,
      registry,
      notReady: () => (opened ? notReady() : 'the doors are opening'),
    }),
  );
  const publish = openPublisher({ config, log, registry, store, watch, servers, draining: draining.signal });
  const { http, grpc, link } = stack.use(
    await openDoors({ ...door, protos, registry, publish, reports, recordHeaders: records.headers }),
  );
  stack.defer(() => draining.abort());
  opened = true;
  const metricsAt = `${config.BIND_HOST}:${operations.port}`;
  log.info({ http, grpc, metrics: metricsAt, link }, 'listening');
};
