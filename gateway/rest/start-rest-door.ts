import { fastify } from 'fastify';
import type { Door, DoorOptions } from '../predict/door.ts';

/** Opens the HTTP door. */
export const startRestDoor = async ({ config, notReady }: DoorOptions): Promise<Door> => {
  const app = fastify();
  app.get('/readyz', (_request, reply) =>
    reply.code(notReady() === undefined ? 200 : 503).send(notReady() ?? 'ready'),
  );
  await app.listen({ host: config.BIND_HOST, port: config.HTTP_PORT });
  return { port: config.HTTP_PORT, [Symbol.asyncDispose]: () => app.close() };
};
