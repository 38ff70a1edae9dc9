import { storeUrlOf } from '@sluice/kernel/config/environment';
import { Statistics } from '@sluice/kernel/oip/statistics';
import { openStore } from '@sluice/kernel/store/open-store';
import { registerInferenceMetrics } from '@sluice/kernel/telemetry/inference-metrics';
import type { Log } from '@sluice/kernel/telemetry/log';
import { startOperationsServer } from '@sluice/kernel/telemetry/operations-server';
import { createRegistry } from '@sluice/kernel/telemetry/registry';
import { startTracing } from '@sluice/kernel/telemetry/tracing';
import { sluiceVersion } from '@sluice/kernel/version';
import { loadProtos } from '@sluice/protos/load';
import type { GatewayConfig } from './config.ts';
import type { Answer, Call } from './core/call.ts';
import { type Handler, road } from './core/layers.ts';
import { Quarantine } from './core/quarantine.ts';
import { accessLog } from './layers/access-log.ts';
import { type AdmissionOptions, admission } from './layers/admission.ts';
import { deadline } from './layers/deadline.ts';
import { dispatch } from './layers/dispatch.ts';
import { encode } from './layers/encode.ts';
import { measure } from './layers/measure.ts';
import { postprocess } from './layers/postprocess.ts';
import { resolve } from './layers/resolve.ts';
import { validate } from './layers/validate.ts';
import { openAdmission } from './open-admission.ts';
import { gatewayBackend } from './predict/backend.ts';
import { StoreWatch } from './releases/store-watch.ts';
import { startRestDoor } from './rest/start-rest-door.ts';
import { type OpenRuntimes, openRuntimes } from './rpc/open-runtimes.ts';
import { inEveryRuntime } from './rpc/runtime-repository.ts';
import { startRpcDoor } from './rpc/start-rpc-door.ts';
import { registerAdmissionMetrics } from './telemetry/admission-metrics.ts';
import {
  type DispatchMetrics,
  registerDispatchMetrics,
  registerRuntimesMetrics,
} from './telemetry/dispatch-metrics.ts';
import {
  type GatewayMetrics,
  registerGatewayMetrics,
  registerRevisionMetric,
} from './telemetry/gateway-metrics.ts';

interface RoadParts {
  readonly config: GatewayConfig;
  readonly log: Log;
  readonly metrics: GatewayMetrics;
  readonly dispatched: DispatchMetrics;
  readonly statistics: Statistics;
  readonly watch: StoreWatch;
  readonly runtimes: OpenRuntimes;
  readonly quarantine: Quarantine;
  readonly admitting: AdmissionOptions;
}

const now = (): number => performance.now();

/** The road of a request, outermost first; the remarks in brackets say where layers that are still to come will stand. */
const composeRoad = ({
  config,
  log,
  metrics,
  dispatched,
  statistics,
  watch,
  runtimes: { balancer, budget },
  quarantine,
  admitting,
}: RoadParts): Handler<Call, Answer> =>
  // Outermost, so that a line is written whatever stops a request.
  road(accessLog({ log, sample: config.ACCESS_LOG_SAMPLE, now, observe: metrics.request }))
    // Before anything that takes time: all that follows is bounded by it.
    .layer(deadline({ defaultMs: config.DEFAULT_DEADLINE_MS, now }))
    // (identity comes here.)
    // Above whatever costs more than a look at a number, so that a refusal is cheap.
    .layer(admission(admitting))
    // (record comes here: what is refused above is counted, not recorded.)
    // Before whatever depends on the release; the name may move while a request is under way, the release not.
    .layer(resolve({ index: () => watch.index, revision: () => watch.revision }))
    // Below resolve, so that only releases that exist become labels.
    .layer(measure({ statistics, now, observe: metrics.answered }))
    // (route comes here: an arm may stand for another release.)
    // Above all that may refuse, since it works on the way back and needs an answer only.
    .layer(postprocess(now))
    // (join comes here.)
    // Before encode, so that a caller is told about features and not about the tensors made of them.
    .layer(validate())
    // (rules and cache come here: both want a valid input, neither wants tensors.)
    .layer(encode())
    .end(
      dispatch({
        balancer,
        budget,
        quarantine,
        onRedispatch: dispatched.redispatched,
        onBudgetEmpty: dispatched.budgetEmpty,
      }),
    );

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
  const metrics = registerGatewayMetrics(registry);
  const dispatched = registerDispatchMetrics(registry);
  const statistics = new Statistics();
  registerInferenceMetrics(registry, statistics);

  const watch = stack.use(
    new StoreWatch({ store: openStore(storeUrlOf(config)), log, pollMs: config.STORE_POLL_MS }),
  );
  await watch.start();
  const protos = loadProtos();
  const quarantine = new Quarantine({ quarantineMs: config.QUARANTINE_MS, now });
  const onEjected = dispatched.ejected;
  const opened = await openRuntimes({ config, log, protos, quarantine, now, onEjected, stack });
  const { links, runtimes, balancer } = opened;
  registerRuntimesMetrics(registry, {
    runtimes,
    isEjected: (runtime) => balancer.isEjected(runtime),
    kindOf: ({ kind }) => kind,
  });
  registerRevisionMetric(registry, () => watch.revision.revision);

  const draining = new AbortController();
  const notReady = (): string | undefined => {
    if (draining.signal.aborted) return 'draining';
    if (links().some(({ ready }) => ready)) return undefined;
    return links().some(({ available }) => available)
      ? 'the runtimes are loading'
      : 'no runtime is reachable';
  };
  const admitting = openAdmission({ config, log, models: () => watch.index, now });
  registerAdmissionMetrics(registry, admitting);
  const handle = composeRoad({
    config,
    log,
    metrics,
    dispatched,
    statistics,
    watch,
    runtimes: opened,
    quarantine,
    admitting,
  });
  const sources = { index: () => watch.index, revision: () => watch.revision, runtimes };
  const backend = gatewayBackend({
    ...sources,
    handle,
    statistics,
    ready: () => notReady() === undefined,
    load: async (model) => {
      await watch.reread(model);
      quarantine.clear(model);
      await inEveryRuntime(links(), protos, 'RepositoryModelLoad', model);
    },
    unload: (model) => inEveryRuntime(links(), protos, 'RepositoryModelUnload', model),
  });
  const door = {
    config,
    log,
    tracer: tracing.tracer,
    draining: draining.signal,
    notReady,
    handle,
    backend,
    models: sources,
  };
  const operations = stack.use(
    await startOperationsServer({ host: config.BIND_HOST, port: config.METRICS_PORT, registry, notReady }),
  );
  const rpc = await startRpcDoor({ ...door, protos });
  const rest = await startRestDoor(door);
  // Both doors drain at once: neither takes anything new while the other waits for its last answer.
  stack.defer(async () => {
    await Promise.all([rpc, rest].map((open) => open[Symbol.asyncDispose]()));
  });
  stack.defer(() => draining.abort());
  const [http, grpc, metricsAt] = [rest.port, rpc.port, operations.port].map(
    (port) => `${config.BIND_HOST}:${port}`,
  );
  log.info({ http, grpc, metrics: metricsAt }, 'listening');
};
