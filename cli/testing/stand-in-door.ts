import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { TestContext } from 'node:test';

export interface DoorRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface DoorAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, unless it is bytes. */
  readonly body: unknown;
}

/** A real HTTP server on loopback that answers as it is told; it ends with the test. */
export const standInDoor = async (
  context: TestContext,
  answer: (request: DoorRequest) => DoorAnswer | Promise<DoorAnswer>,
): Promise<string> => {
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    const { pathname: path, searchParams: query } = new URL(url, 'http://gateway');
    const given = await answer({ method, path, query, headers, body: await buffer(request) });
    const { status = 200, headers: more = {}, body } = given;
    response.writeHead(status, { 'content-type': 'application/json', ...more });
    response.end(body instanceof Buffer ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

export const unknownRoute: DoorAnswer = {
  status: 404,
  body: { code: 'ROUTE_NOT_FOUND', message: 'no route' },
};
