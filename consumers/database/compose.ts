import { join } from 'node:path';
import type { Log } from '@sluice/kernel/telemetry/log';
import { startOperationsServer } from '@sluice/kernel/telemetry/operations-server';
import { createRegistry } from '@sluice/kernel/telemetry/registry';
import type { DatabaseConfig } from './config.ts';
import { lockFolder } from './lock-folder.ts';
import { startDatabase } from './start-database.ts';

/** Builds the embedded database and puts it on the stack. The lock outlives the files that it is for. */
export const compose = async (
  config: DatabaseConfig,
  log: Log,
  stack: AsyncDisposableStack,
): Promise<void> => {
  let opened = false;
  const operations = stack.use(
    await startOperationsServer({
      host: config.BIND_HOST,
      port: config.METRICS_PORT,
      registry: createRegistry(config.SLUICE_ENVIRONMENT),
      notReady: () => (opened ? undefined : 'opening'),
    }),
  );
  const folder = join(config.SLUICE_HOME, 'database');
  stack.use(await lockFolder(folder));
  const database = stack.use(
    await startDatabase({
      folder,
      host: config.BIND_HOST,
      port: config.DATABASE_PORT,
      maxConnections: config.MAX_CONNECTIONS,
    }),
  );
  opened = true;
  log.info(
    { database: `${config.BIND_HOST}:${database.port}`, metrics: `${config.BIND_HOST}:${operations.port}` },
    'listening',
  );
};
