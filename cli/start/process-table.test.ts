import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { test } from 'node:test';
import { processTable, reachable } from './process-table.ts';
import { parseSettings } from './settings.ts';

const repository = resolve(import.meta.dirname, '../..');

const table = (environment: NodeJS.ProcessEnv) => {
  const parsed = parseSettings(environment, '/w');
  assert.ok('value' in parsed);
  return processTable(parsed.value, repository, 'abc');
};

test('each process finds its ports, its store and its runtime in its own variables', () => {
  const [runtime, gateway] = table({ SLUICE_PORT_OFFSET: '100' });
  const shared = {
    SLUICE_HOME: '/w/.sluice',
    STORE_URL: 'file:/w/.sluice/store',
    BIND_HOST: '127.0.0.1',
    NODE_COMPILE_CACHE: '/w/.sluice/compile-cache',
  };
  assert.deepEqual(runtime?.environment, { ...shared, GRPC_PORT: '8110', METRICS_PORT: '8112' });
  assert.deepEqual(gateway?.environment, {
    ...shared,
    HTTP_PORT: '8100',
    GRPC_PORT: '8101',
    METRICS_PORT: '8102',
    RUNTIME_URLS: '127.0.0.1:8110',
    ADMIN_KEY_SHA256: 'abc',
  });
});

test('health is asked where each process answers it', () => {
  const urls = table({ BIND_HOST: '0.0.0.0' }).map((spec) => spec.healthUrl);
  assert.deepEqual(urls, ['http://127.0.0.1:8012/readyz', 'http://127.0.0.1:8002/readyz']);
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
