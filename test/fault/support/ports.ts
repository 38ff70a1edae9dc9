import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { Environment } from '../../support/sluice.ts';

/**
 * Below the range from which systems take ports for outgoing connections: a client that tries again
 * and again to reach a port of that range while nobody listens there ends up connected to itself.
 */
const [lowest, highest] = [12_000, 30_000];

const isFree = (port: number): Promise<boolean> => {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer();
  server.once('error', () => resolve(false));
  server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  return promise;
};

/** A port p for which p + each of the offsets was free a moment ago. */
export const freeBlock = async (offsets: readonly number[]): Promise<number> => {
  for (;;) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    const free = await Promise.all(offsets.map((offset) => isFree(port + offset)));
    if (free.every(Boolean)) return port;
  }
};

/** A port that was free a moment ago. */
export const freePort = (): Promise<number> => freeBlock([0]);

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
