import type { Log } from '@sluice/kernel/telemetry/log';
import { startOperationsServer } from '@sluice/kernel/telemetry/operations-server';
import { createRegistry } from '@sluice/kernel/telemetry/registry';
import type { ConsumersConfig } from './config.ts';

/** Builds the consumers and puts them on the stack. */
export const compose = async (
  config: ConsumersConfig,
  log: Log,
  stack: AsyncDisposableStack,
): Promise<void> => {
  const registry = createRegistry(config.SLUICE_ENVIRONMENT);
  const operations = stack.use(
    await startOperationsServer({
      host: config.BIND_HOST,
      port: config.METRICS_PORT,
      registry,
      notReady: () => undefined,
    }),
  );
  log.info({ metrics: `${config.BIND_HOST}:${operations.port}` }, 'listening');
};
