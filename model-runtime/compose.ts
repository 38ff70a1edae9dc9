import { registerInferenceMetrics } from '@sluice/kernel/telemetry/inference-metrics';
import type { Log } from '@sluice/kernel/telemetry/log';
import { registerLoopDelay } from '@sluice/kernel/telemetry/loop-delay';
import { startOperationsServer } from '@sluice/kernel/telemetry/operations-server';
import { createRegistry } from '@sluice/kernel/telemetry/registry';
import { loadProtos } from '@sluice/protos/load';
import { CellHost } from './cells/cell-host.ts';
import { spawnCell } from './cells/spawn-cell.ts';
import type { RuntimeConfig } from './config.ts';
import { holderParts, openDoor, openTracing, queueLimits } from './parts.ts';
import { plainBackend } from './plain/backend.ts';
import { Celled } from './releases/celled.ts';
import { ReleaseHolder } from './releases/holder.ts';
import { announceCells } from './rpc/announce-cells.ts';
import { openCellLink } from './rpc/cell-link.ts';
import { registerCellMetrics } from './telemetry/cell-metrics.ts';
import { registerLoadMetrics } from './telemetry/load-metrics.ts';
import {
  registerHolderMetrics,
  registerQueueMetrics,
  registerRuntimeMetrics,
} from './telemetry/runtime-metrics.ts';

/**
 * Builds the runtime and puts it on the stack. Sessions close last, after the servers that use them
 * have drained; telemetry outlives them all.
 */
export const compose = async (
  config: RuntimeConfig,
  log: Log,
  stack: AsyncDisposableStack,
): Promise<void> => {
  const tracing = stack.use(await openTracing(config));
  const registry = createRegistry(config.SLUICE_ENVIRONMENT);
  stack.use(registerLoopDelay(registry));
  const draining = new AbortController();
  const protos = loadProtos();

  const cellMetrics = registerCellMetrics(registry, () => host.all());
  const host: CellHost = stack.use(
    new CellHost({
      limits: queueLimits(config),
      maxMessageBytes: config.MAX_MESSAGE_BYTES,
      maxCells: config.MAX_CELLS,
      quarantineMs: config.CELL_QUARANTINE_MS,
      loadMs: config.CELL_LOAD_MS,
      drainMs: config.DRAIN_MS,
      spawn: spawnCell,
      openLink: (port, lost) => openCellLink({ packages: protos, host: config.BIND_HOST, port, lost }),
      log,
      ended: cellMetrics.ended,
    }),
  );
  const holder: ReleaseHolder = stack.use(
    new ReleaseHolder({
      ...holderParts(config, log, tracing, registerRuntimeMetrics(registry)),
      createCelled: (table, used) =>
        new Celled({ table, host, thresholdMs: config.CELL_THRESHOLD_MS, log, used }),
      on: registerLoadMetrics(registry, () => holder),
    }),
  );
  registerHolderMetrics(registry, holder);
  registerQueueMetrics(registry, holder);
  const backend = plainBackend(holder);
  registerInferenceMetrics(registry, backend.statistics);

  const door = stack.use(
    await openDoor({
      config,
      log,
      protos,
      tracing,
      backend,
      draining: draining.signal,
      refresh: () => void holder.refresh().catch((err) => log.error({ err }, 'cannot read the store')),
      holder,
      cells: () => announceCells(host),
      maxFrameBytes: config.MAX_MESSAGE_BYTES,
    }),
  );
  const operations = stack.use(
    await startOperationsServer({
      host: config.BIND_HOST,
      port: config.METRICS_PORT,
      registry: cellMetrics.merged,
      notReady: () => (draining.signal.aborted ? 'draining' : holder.ready ? undefined : 'loading'),
    }),
  );
  stack.defer(() => {
    draining.abort();
    // Beside the doors, which may need as long; what came to them is answered first.
    void host[Symbol.asyncDispose]();
  });
  log.info(
    { grpc: `${config.BIND_HOST}:${door.port}`, metrics: `${config.BIND_HOST}:${operations.port}` },
    'listening',
  );
  await holder.loadAll(config.LOAD_MODELS);
  holder.follow(config.STORE_POLL_MS);
  const served = holder.all().filter(({ state }) => state.kind === 'READY' || state.kind === 'IN_CELL');
  log.info({ releases: served.length }, 'ready');
};
