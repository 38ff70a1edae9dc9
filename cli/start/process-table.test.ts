import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { test } from 'node:test';
import { processTable } from './process-table.ts';
import { reachable } from './reachable.ts';
import { parseSettings } from './settings.ts';

const repository = resolve(import.meta.dirname, '../..');

const table = (environment: NodeJS.ProcessEnv) => {
  const parsed = parseSettings(environment, '/w');
  assert.ok('value' in parsed);
  return processTable(parsed.value, repository, 'abc');
};

test('each process finds its ports, its store and its runtime in its own variables', () => {
  const [runtime, gateway, database, consumers] = table({ SLUICE_PORT_OFFSET: '100' });
  const shared = {
    SLUICE_HOME: '/w/.sluice',
    STORE_URL: 'file:/w/.sluice/store',
    BIND_HOST: '127.0.0.1',
    NODE_COMPILE_CACHE: '/w/.sluice/compile-cache',
  };
  const records = {
    EVENT_LOG_URL: 'lmdb:/w/.sluice/event-log',
    DATABASE_URL: 'postgres://sluice@127.0.0.1:8132/sluice',
  };
  assert.deepEqual(runtime?.environment, { ...shared, GRPC_PORT: '8110', METRICS_PORT: '8112' });
  assert.deepEqual(gateway?.environment, {
    ...shared,
    HTTP_PORT: '8100',
    GRPC_PORT: '8101',
    METRICS_PORT: '8102',
    LINK_PORT: '8103',
    RUNTIME_URLS: '127.0.0.1:8110',
    ADMIN_KEY_SHA256: 'abc',
    ...records,
  });
  const consuming = { ...shared, ...records };
  assert.deepEqual(database?.environment, { ...consuming, DATABASE_PORT: '8132', METRICS_PORT: '8134' });
  assert.deepEqual(consumers?.environment, { ...consuming, METRICS_PORT: '8122' });
});

test('with a database that was named the embedded one is not started, and everybody gets the name', () => {
  const url = 'postgres://db.internal/sluice';
  const processes = table({ DATABASE_URL: url, EVENT_LOG_URL: 'kafka://broker:9092' });
  assert.deepEqual(
    processes.map(({ name }) => name),
    ['model-runtime', 'gateway', 'consumers'],
  );
  for (const { environment } of processes.slice(1)) {
    assert.equal(environment['DATABASE_URL'], url);
    assert.equal(environment['EVENT_LOG_URL'], 'kafka://broker:9092');
  }
});

test('nobody waits for those who store records', () => {
  const waiting = table({}).filter(({ background }) => background === true);
  assert.deepEqual(
    waiting.map(({ name }) => name),
    ['database', 'consumers'],
  );
});

test('health is asked where each process answers it', () => {
  const urls = table({ BIND_HOST: '0.0.0.0' }).map((spec) => spec.healthUrl);
  assert.deepEqual(
    urls,
    [8012, 8002, 8034, 8022].map((port) => `http://127.0.0.1:${port}/readyz`),
  );
});

test('each process waits only for earlier ones, and its folders exist', () => {
  const earlier = new Set<string>();
  for (const spec of table({})) {
    for (const name of spec.after) assert.ok(earlier.has(name), `${spec.name} waits for ${name}`);
    for (const folder of [...spec.watch, dirname(spec.main)]) assert.ok(existsSync(folder), folder);
    earlier.add(spec.name);
  }
});

for (const [bound, reached] of [
  ['127.0.0.1', '127.0.0.1'],
  ['0.0.0.0', '127.0.0.1'],
  ['::', '[::1]'],
  ['fe80::1', '[fe80::1]'],
] as const) {
  test(`what is bound to ${bound} is reached as ${reached}`, () => assert.equal(reachable(bound), reached));
}
