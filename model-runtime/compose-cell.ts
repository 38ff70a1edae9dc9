import type { Log } from '@sluice/kernel/telemetry/log';
import { emptyRegistry } from '@sluice/kernel/telemetry/registry';
import { loadProtos } from '@sluice/protos/load';
import { openParent } from './cells/parent.ts';
import { startWatchdog } from './cells/watchdog.ts';
import type { CellConfig } from './config.ts';
import { holderParts, openDoor, openTracing } from './parts.ts';
import { cellBackend } from './plain/cell-backend.ts';
import { reasonOf } from './releases/held-release.ts';
import { ReleaseHolder } from './releases/holder.ts';
import { registerQueueMetrics, registerRuntimeMetrics } from './telemetry/runtime-metrics.ts';

/**
 * Builds a cell: the same runtime around one release, without a metrics port. Its runtime hears over the
 * IPC channel where it serves, that it lives, and what its metrics are.
 */
export const composeCell = async (
  config: CellConfig,
  log: Log,
  stack: AsyncDisposableStack,
): Promise<void> => {
  startWatchdog(config.DRAIN_MS);
  // What is of the whole process is not added up with the runtime's own.
  const registry = emptyRegistry(config.SLUICE_ENVIRONMENT);
  // Before all that may take its time when the cell ends: silence would look like computing.
  const parent = stack.use(openParent(() => registry.getMetricsAsJSON()));
  const tracing = stack.use(await openTracing(config));
  const observe = registerRuntimeMetrics(registry);
  const draining = new AbortController();
  const protos = loadProtos();

  const holder = stack.use(
    new ReleaseHolder({
      ...holderParts(config, log, tracing, (release, report) => {
        observe(release, report);
        parent.completed();
      }),
      thresholdMs: Number.POSITIVE_INFINITY,
      // Its runtime has counted it.
      limits: { bytes: Number.POSITIVE_INFINITY, cells: 0 },
      on: { loaded: () => undefined, unloaded: () => undefined },
    }),
  );
  registerQueueMetrics(registry, holder);
  const [model = '', version = ''] = config.CELL_RELEASE.split('/');
  const held = await holder.loadOnly({ model, version, digest: config.CELL_DIGEST });
  if (held.state.kind !== 'READY') {
    await parent.refuse(reasonOf(held));
    throw new Error(`the cell cannot load ${model} ${version}: ${reasonOf(held)}`);
  }
  const door = stack.use(
    await openDoor({
      config,
      log,
      protos,
      tracing,
      backend: cellBackend(holder),
      draining: draining.signal,
      refresh: () => undefined,
      holder,
      cells: () => [],
      maxFrameBytes: config.MAX_MESSAGE_BYTES,
    }),
  );
  stack.defer(() => draining.abort());
  parent.up(door.port);
};
