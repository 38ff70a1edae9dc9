import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type RunningSluice, startSluice } from '../../support/sluice.ts';
import { type Ask, asking } from './ask.ts';

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** What contracts.md promises. */
const promised = [
  'GET /health',
  'GET /livez',
  'GET /openapi.json',
  'GET /readyz',
  'GET /v1/models',
  'GET /v1/models/{model}',
  'GET /v1/models/{model}/signature',
  'GET /v1/models/{model}/versions/{version}',
  'GET /v1/models/{model}/versions/{version}/signature',
  'GET /v1/predictions',
  'GET /v1/predictions/{prediction_id}',
  'GET /v1/streams',
  'GET /v1/streams/{name}',
  'GET /v2',
  'GET /v2/health/live',
  'GET /v2/health/ready',
  'GET /v2/models',
  'GET /v2/models/stats',
  ...['', '/config', '/ready', '/stats'].flatMap((suffix) => [
    `GET /v2/models/{model}${suffix}`,
    `GET /v2/models/{model}/versions/{version}${suffix}`,
  ]),
  'GET /v2/repository/index',
  'POST /v1/feedback',
  'POST /v1/models/{model}/versions/{version}:predict',
  'POST /v1/models/{model}:predict',
  'POST /v1/predict',
  'POST /v1/predictions/{prediction_id}/feedback',
  'POST /v2/models/{model}/infer',
  'POST /v2/models/{model}/versions/{version}/infer',
  'POST /v2/repository/index',
  'POST /v2/repository/models/{model}/load',
  'POST /v2/repository/models/{model}/unload',
];

const asPath = (path: string): string => path.replace('{model}', 'digits').replace('{version}', '1');

/** This gateway keeps no records, and its revision has no streams. */
const statusOf = (path: string): number => {
  if (path.startsWith('/v1/predictions')) return 501;
  return path === '/v1/streams/{name}' ? 404 : 200;
};

describe('the routes and their document', () => {
  const stack = new AsyncDisposableStack();
  let sluice: RunningSluice;
  let ask: Ask;
  let document: Document;

  before(async () => {
    sluice = stack.use(await startSluice());
    ask = asking(sluice.gateway.http);
    document = (await ask('GET', '/openapi.json')).json as Document;
  });
  after(() => stack.disposeAsync());

  test('the document names exactly what is promised', () => {
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    assert.equal(document.openapi, '3.1.0');
    assert.deepEqual(described.toSorted(), promised.toSorted());
  });

  test('every route that is described is there', async () => {
    for (const route of promised) {
      const [method = '', path = ''] = route.split(' ');
      const { status, json } = await ask(method, asPath(path), method === 'POST' ? {} : undefined);
      assert.notEqual((json as { code?: string } | undefined)?.code, 'ROUTE_NOT_FOUND', route);
      if (method === 'GET') assert.equal(status, statusOf(path), route);
    }
  });

  test('what is not described is not there', async () => {
    for (const [method, path] of [
      ['GET', '/'],
      ['GET', '/v2/models/digits/infer'],
      ['POST', '/v1/models/digits'],
      ['DELETE', '/v1/models/digits'],
      ['POST', '/v1/models/digits:explode'],
      ['GET', '/v2/logging'],
    ] as const) {
      const { status, json } = await ask(method, path);
      assert.equal(status, 404, path);
      assert.equal((json as { code: string }).code, 'ROUTE_NOT_FOUND', path);
    }
  });

  test('the documentation page is served from local files alone', async () => {
    assert.equal((await ask('GET', '/docs')).headers.get('location'), '/docs/');
    const { text } = await ask('GET', '/docs/');
    const files = [...text.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, file = '']) => file);
    assert.ok(files.length >= 5);
    for (const file of files) {
      assert.doesNotMatch(file, /^(https?:)?\/\//);
      assert.equal((await ask('GET', `/docs/${file}`)).status, 200, file);
    }
    assert.match((await ask('GET', '/docs/swagger-initializer.js')).text, /'\/openapi\.json'/);
    assert.equal((await ask('GET', '/docs/package.json')).status, 404);
  });

  test('health tells versions, runtimes and models', async () => {
    const { json } = await ask('GET', '/health');
    const { version, runtimes, ...rest } = json as { version: string; runtimes: unknown };
    assert.match(version, /^\d+\.\d+\.\d+/);
    assert.deepEqual(runtimes, [{ address: sluice.runtimes[0]?.grpc, available: true }]);
    const { grpc } = sluice.gateway;
    assert.deepEqual(rest, { status: 'ready', environment: 'dev', grpc, revision: 2, models: 4 });
    assert.equal((await ask('GET', '/livez')).text, 'live\n');
    assert.equal((await ask('HEAD', '/livez')).status, 200);
  });
});
