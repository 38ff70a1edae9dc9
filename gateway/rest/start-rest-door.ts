import { messageOf } from '@sluice/kernel/errors/message-of';
import type { FastifyInstance } from 'fastify';
import type { GatewayConfig } from '../config.ts';
import type { Door, DoorOptions } from '../predict/door.ts';
import { readTls } from '../tls.ts';
import { addProbe, addRoute, createApp } from './create-app.ts';
import { loadMessageTypes } from './message-types.ts';
import { serveDocs } from './ops/docs.ts';
import { routeTable } from './routes.ts';

/** What fastify hands on to net.Server#listen; its types do not know Node's reusePort yet. */
const listenOptions = ({ BIND_HOST: host, HTTP_PORT: port, REUSE_PORT: reusePort }: GatewayConfig) => ({
  host,
  port,
  reusePort,
});

const listen = async (app: FastifyInstance, config: GatewayConfig): Promise<number> => {
  const options = listenOptions(config);
  const { host, port } = options;
  const listening: Promise<string> = app.listen(options);
  try {
    await listening;
  } catch (error) {
    throw new Error(`cannot bind ${host}:${port}: ${messageOf(error)}`, { cause: error });
  }
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
};

/** Waits for requests in flight, then ends what is left. */
const drain = async (app: FastifyInstance, drainMs: number): Promise<void> => {
  const force = setTimeout(() => app.server.closeAllConnections(), drainMs);
  await app.close();
  clearTimeout(force);
};

export interface RestDoorOptions extends DoorOptions {
  readonly grpcPort: number;
}

/** Opens the HTTP door. @throws Error naming the address when it cannot be bound. */
export const startRestDoor = async (options: RestDoorOptions): Promise<Door> => {
  const { config, log, tracer, draining } = options;
  const serving = { tracer, log, draining, maxBytes: config.MAX_MESSAGE_BYTES };
  const app = createApp({ ...serving, receiveMs: config.RECEIVE_MS, tls: readTls(config) });
  const { routes, probes } = routeTable(options, loadMessageTypes());
  for (const route of routes) addRoute(app, serving, route);
  for (const probe of probes) addProbe(app, serving, probe);
  await serveDocs(app);
  const port = await listen(app, config);
  return { port, [Symbol.asyncDispose]: () => drain(app, config.DRAIN_MS) };
};
