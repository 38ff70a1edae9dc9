import { createServer, type ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';

export interface OperationsOptions {
  readonly host: string;
  readonly port: number;
  readonly registry: Pick<Registry, 'contentType' | 'metrics'>;
  /** Why the process is not ready; undefined: it is. */
  readonly notReady: () => string | undefined;
}

export interface OperationsServer extends AsyncDisposable {
  readonly port: number;
}

const reply = (
  response: ServerResponse,
  status: number,
  body: string,
  type = 'text/plain; charset=utf-8',
): void => {
  response.writeHead(status, { 'content-type': type }).end(body);
};

/** /metrics, /livez and /readyz, for the people who run the process. */
export const startOperationsServer = async ({
  host,
  port,
  registry,
  notReady,
}: OperationsOptions): Promise<OperationsServer> => {
  const routes: Record<string, (response: ServerResponse) => void> = {
    '/livez': (response) => reply(response, 200, 'live\n'),
    '/readyz': (response) => {
      const why = notReady();
      reply(response, why === undefined ? 200 : 503, `${why ?? 'ready'}\n`);
    },
    '/metrics': (response) => {
      registry.metrics().then(
        (text) => reply(response, 200, text, registry.contentType),
        () => reply(response, 500, 'metrics failed\n'),
      );
    },
  };
  const server = createServer((request, response) => {
    const [path = '/'] = (request.url ?? '/').split('?', 1);
    const route = routes[path];
    if (route === undefined) reply(response, 404, `expected one of ${Object.keys(routes).join(', ')}\n`);
    else route(response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
