import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { Environment } from '../../support/sluice.ts';

/** A port that was free a moment ago. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

/** Ports of a runtime, so that it can come back on them. */
export const runtimePorts = async (): Promise<Environment> => ({
  GRPC_PORT: String(await freePort()),
  METRICS_PORT: String(await freePort()),
});
