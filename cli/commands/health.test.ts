import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runSluice } from '../testing/run-sluice.ts';
import { standInGateway } from '../testing/stand-in-gateway.ts';

test('health of a gateway that is ready is exit code 0', async (t) => {
  const { url } = await standInGateway(t, {
    'GET /livez': [200, 'ok'],
    'GET /readyz': [200, 'ok'],
    'GET /health': [200, { revision: 3 }],
  });
  const { exitCode, stdout } = await runSluice(['health', '--server', url], { isInteractive: true });
  assert.equal(exitCode, 0);
  assert.equal(stdout, 'live      yes\nready     yes\nrevision  3\n');
});

test('health of a gateway that is not ready is exit code 1, and says what it knows', async (t) => {
  const { url } = await standInGateway(t, {
    'GET /livez': [200, 'ok'],
    'GET /readyz': [503, 'no runtime'],
    'GET /health': [503, { runtimes: [] }],
  });
  const { exitCode, stdout, stderr } = await runSluice(['health', '--server', url]);
  assert.equal(exitCode, 1);
  assert.deepEqual(JSON.parse(stdout), { live: true, ready: false, health: { runtimes: [] } });
  assert.equal((JSON.parse(stderr) as { code: string }).code, 'NOT_READY');
});

test('health of a gateway that is not there is exit code 69', async () => {
  assert.equal((await runSluice(['health', '--server', 'http://127.0.0.1:9'])).exitCode, 69);
});
