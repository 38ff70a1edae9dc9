import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startOperationsServer } from './operations-server.ts';
import { createRegistry } from './registry.ts';

const start = (notReady: () => string | undefined = () => undefined, port = 0) =>
  startOperationsServer({ host: '127.0.0.1', port, registry: createRegistry('test'), notReady });

test('liveness, readiness with its reason, metrics, and a hint for other paths', async () => {
  let why: string | undefined = 'loading';
  await using server = await start(() => why);
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`);
    return [response.status, await response.text()];
  };
  assert.deepEqual(await get('/livez'), [200, 'live\n']);
  assert.deepEqual(await get('/readyz'), [503, 'loading\n']);
  why = undefined;
  assert.deepEqual(await get('/readyz?verbose'), [200, 'ready\n']);
  assert.equal((await get('/metrics'))[0], 200);
  assert.deepEqual(await get('/'), [404, 'expected one of /livez, /readyz, /metrics\n']);
  for (const path of ['/toString', '/__proto__', '//', '/constructor'])
    assert.equal((await get(path))[0], 404, path);
});

test('a port in use is an error', async () => {
  await using server = await start();
  await assert.rejects(start(undefined, server.port), { code: 'EADDRINUSE' });
});
