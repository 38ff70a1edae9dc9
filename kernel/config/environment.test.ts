import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import {
  commonShape,
  count,
  durationMs,
  list,
  loadEnvironment,
  port,
  shownValue,
  storeUrlOf,
} from './environment.ts';

const schema = z.object({
  ...commonShape,
  PORT: port().default(8000),
  WORKERS: count(1, 64).default(1),
  WAIT_MS: durationMs().default(5),
  PEERS: list().default(['a']),
  API_TOKEN: z.string().min(8, 'expected at least 8 characters').optional(),
});
const load = (env: NodeJS.ProcessEnv) => loadEnvironment(schema, env);
const valuesOf = (env: NodeJS.ProcessEnv) => {
  const loaded = load(env);
  assert.ok('value' in loaded, JSON.stringify(loaded));
  return loaded.value;
};

test('an empty environment gives the defaults', () => {
  const { SLUICE_HOME, LOG_LEVEL, PORT, PEERS, STORE_URL } = valuesOf({});
  assert.deepEqual(
    [SLUICE_HOME, LOG_LEVEL, PORT, PEERS, STORE_URL],
    ['.sluice', 'info', 8000, ['a'], undefined],
  );
});

test('an empty variable counts as unset, and variables of others do not matter', () => {
  assert.deepEqual(valuesOf({ PORT: '', LOG_LEVEL: '', PATH: '/bin', port: 'x' }), valuesOf({}));
});

test('values are parsed', () => {
  const { PORT, WORKERS, PEERS } = valuesOf({ PORT: '0', WORKERS: '64', PEERS: ' a:1, b:2,,' });
  assert.deepEqual([PORT, WORKERS, PEERS], [0, 64, ['a:1', 'b:2']]);
});

const bad: readonly [variable: string, value: string, message: string][] = [
  ['PORT', 'http', "PORT: expected a port number, got 'http'"],
  ['PORT', '80.5', "PORT: expected a port number, got '80.5'"],
  ['PORT', '-1', "PORT: expected a port number of at least 0, got '-1'"],
  ['PORT', '65536', "PORT: expected a port number of at most 65535, got '65536'"],
  ['WORKERS', '0', "WORKERS: expected a whole number of at least 1, got '0'"],
  ['WAIT_MS', '3000000000', "WAIT_MS: expected milliseconds of at most 2147483647, got '3000000000'"],
  ['WAIT_MS', '5s', "WAIT_MS: expected milliseconds, got '5s'"],
];

for (const [variable, value, message] of bad) {
  test(`a fault names the variable, what was expected and what came: ${message}`, () => {
    assert.deepEqual(load({ [variable]: value }), { error: [message] });
  });
}

test('all faults are reported at once', () => {
  const loaded = load({ PORT: 'x', LOG_LEVEL: 'loud', SLUICE_ENVIRONMENT: 'moon', WORKERS: '1' });
  assert.ok('error' in loaded);
  assert.deepEqual(loaded.error.map((fault) => fault.split(':')[0]).sort(), [
    'LOG_LEVEL',
    'PORT',
    'SLUICE_ENVIRONMENT',
  ]);
  assert.match(loaded.error.join('\n'), /got 'loud'/);
});

test('a fault of a secret does not tell the secret', () => {
  assert.deepEqual(load({ API_TOKEN: 'hunter2' }), {
    error: ['API_TOKEN: expected at least 8 characters, got [redacted]'],
  });
});

test('a URL is shown without its password', () => {
  assert.equal(shownValue('DATABASE_URL', 'postgres://ada:hunter2@db/x'), 'postgres://ada:[redacted]@db/x');
  for (const plain of ['postgres://ada@db:5432/x', 'http://[::1]:80/', '127.0.0.1:8010'])
    assert.equal(shownValue('ANY_URL', plain), plain);
});

test('the store lies below the home folder unless it is named', () => {
  assert.equal(storeUrlOf({ SLUICE_HOME: '/srv' }), 'file:/srv/store');
  assert.equal(storeUrlOf({ SLUICE_HOME: '/srv', STORE_URL: 'file:/models' }), 'file:/models');
});
