import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/** What is answered to `GET /v1/models`: status and body; a missing entry is a 404 of the gateway. */
export type Answers = Readonly<Record<string, readonly [status: number, body: unknown] | 'never'>>;

export interface StandInGateway {
  readonly url: string;
  readonly asked: Asked[];
}

/** A real HTTP server on loopback that answers from a table; it ends with the test. */
export const standInGateway = async (context: TestContext, answers: Answers): Promise<StandInGateway> => {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const { method = '', url: path = '' } = request;
    const sent = await text(request);
    asked.push({ method, path, body: sent === '' ? undefined : JSON.parse(sent) });
    const answer = answers[`${method} ${path}`] ?? [404, { code: 'ROUTE_NOT_FOUND', message: `no ${path}` }];
    if (answer === 'never') return;
    const [status, body] = answer;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
};
