import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSettings, type StartSettings } from './settings.ts';

const settingsFrom = (environment: NodeJS.ProcessEnv): StartSettings => {
  const parsed = parseSettings(environment, '/repository');
  assert.ok('value' in parsed);
  return parsed.value;
};

test('without variables everything has its default, below the working folder', () => {
  assert.deepEqual(settingsFrom({}), {
    home: '/repository/.sluice',
    compileCache: '/repository/.sluice/compile-cache',
    storeUrl: 'file:/repository/.sluice/store',
    storeIsEmbedded: true,
    eventLogUrl: 'lmdb:/repository/.sluice/event-log',
    databaseUrl: undefined,
    environment: 'dev',
    bindHost: '127.0.0.1',
    drainMs: 10_000,
    ports: {
      gatewayHttp: 8000,
      gatewayGrpc: 8001,
      gatewayMetrics: 8002,
      gatewayLink: 8003,
      runtimeGrpc: 8010,
      runtimeMetrics: 8012,
      consumersMetrics: 8022,
      scorerMetrics: 8024,
      database: 8032,
      databaseHealth: 8034,
    },
    tls: false,
  });
});

test('the offset shifts every port that has no variable of its own', () => {
  assert.deepEqual(settingsFrom({ SLUICE_PORT_OFFSET: '100', GATEWAY_HTTP_PORT: '9000' }).ports, {
    gatewayHttp: 9000,
    gatewayGrpc: 8101,
    gatewayMetrics: 8102,
    gatewayLink: 8103,
    runtimeGrpc: 8110,
    runtimeMetrics: 8112,
    consumersMetrics: 8122,
    scorerMetrics: 8124,
    database: 8132,
    databaseHealth: 8134,
  });
});

test('a store that was named is not the embedded one', () => {
  const settings = settingsFrom({ STORE_URL: 'file:/srv/store', SLUICE_HOME: '/var/sluice' });
  assert.equal(settings.storeUrl, 'file:/srv/store');
  assert.equal(settings.storeIsEmbedded, false);
  assert.equal(settings.home, '/var/sluice');
});

test('an event log and a database that were named are those', () => {
  const settings = settingsFrom({ EVENT_LOG_URL: 'kafka://a:9092', DATABASE_URL: 'postgres://db/sluice' });
  assert.equal(settings.eventLogUrl, 'kafka://a:9092');
  assert.equal(settings.databaseUrl, 'postgres://db/sluice');
});

test('what is compiled is kept where Node was told to', () => {
  assert.equal(settingsFrom({ NODE_COMPILE_CACHE: '/cache' }).compileCache, '/cache');
});

test('an empty variable counts as absent', () => {
  assert.equal(settingsFrom({ GATEWAY_HTTP_PORT: '', STORE_URL: '' }).ports.gatewayHttp, 8000);
});

const faulty: [string, NodeJS.ProcessEnv, RegExp[]][] = [
  ['a port that is no number', { GATEWAY_HTTP_PORT: 'http' }, [/^GATEWAY_HTTP_PORT: .*'http'/]],
  ['a port out of range', { RUNTIME_GRPC_PORT: '70000' }, [/^RUNTIME_GRPC_PORT: .*65535/]],
  [
    'several faults, all told',
    { GATEWAY_HTTP_PORT: '0', DRAIN_MS: '-1' },
    [/^DRAIN_MS/, /^GATEWAY_HTTP_PORT/],
  ],
  [
    'two ports that are the same',
    { RUNTIME_GRPC_PORT: '8000' },
    [/^RUNTIME_GRPC_PORT: .* GATEWAY_HTTP_PORT/],
  ],
  [
    'an offset that leads beyond the last port',
    { SLUICE_PORT_OFFSET: '57530' },
    [/GATEWAY_HTTP_PORT|RUNTIME/],
  ],
];
for (const [what, environment, faults] of faulty) {
  test(`refused: ${what}`, () => {
    const parsed = parseSettings(environment, '/');
    assert.ok('error' in parsed);
    for (const [index, fault] of faults.entries()) assert.match(parsed.error[index] ?? '', fault);
  });
}
