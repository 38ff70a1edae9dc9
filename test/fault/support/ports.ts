import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { freeBlock, freePort } from '@sluice/kernel/testing/free-port';
import type { Environment } from '../../support/sluice.ts';

/** A free port that is free no more, for as long as it is in use. */
export const occupiedPort = async (): Promise<{ readonly port: number } & Disposable> => {
  const server = createServer().listen(await freePort(), '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, [Symbol.dispose]: () => void server.close() };
};

/** Ports of a runtime, so that it can come back on them. */
export const runtimePorts = async (): Promise<Environment> => {
  const port = await freeBlock([0, 1]);
  return { GRPC_PORT: String(port), METRICS_PORT: String(port + 1) };
};
