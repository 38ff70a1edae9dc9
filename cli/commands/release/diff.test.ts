import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { runSluice } from '../../testing/run-sluice.ts';
import { standInGateway } from '../../testing/stand-in-gateway.ts';
import { sumManifest, sumPackage } from '../../testing/temporary-package.ts';

const examples = `file:${resolve(import.meta.dirname, '../../../models/store')}`;
const diff = (from: string, to: string, ...more: string[]) =>
  runSluice(['release', 'diff', 'churn', from, to, '--store', examples, ...more]);

test('two releases of the store are shown side by side, with who breaks', async () => {
  const { exitCode, stdout } = await diff('1.0.0', '1.1.0', '--output', 'table');
  assert.equal(exitCode, 0);
  assert.match(stdout, /^ +1\.0\.0 +1\.1\.0$/m);
  assert.match(stdout, /^inputs\.numeric\.shape +\[-1,8\]$/m);
  assert.doesNotMatch(stdout, /^features\./m);
  assert.match(stdout, /^and \d+ fields that say where features and outputs lie in the tensors/m);
  assert.match(stdout, /^This breaks callers of 1\.0\.0:$/m);
  assert.match(stdout, /^inputs\.features +who send tensors +is gone/m);
  assert.match(stdout, /^Nothing here breaks callers who send features\.$/m);
});

test('a feature with another name breaks who sends it', async () => {
  const { stdout } = await diff('1.1.0', '2.0.0');
  const { breaks } = JSON.parse(stdout) as { breaks: { path: string }[] };
  assert.deepEqual(
    breaks.map(({ path }) => path),
    ['features.monthly_charges', 'features.monthly_charge'],
  );
});

test('as JSON everything is there', async () => {
  const { stdout } = await diff('1.0.0', '1.1.0');
  const { model, from, to, breaking, changes } = JSON.parse(stdout) as Record<string, unknown>;
  assert.deepEqual([model, from, to, breaking], ['churn', '1.0.0', '1.1.0', true]);
  const column = { path: 'features.gender.column', from: 8, to: 0 };
  assert.deepEqual(
    (changes as { path: string }[]).find(({ path }) => path === column.path),
    column,
  );
});

test('a release and itself say the same, and with --exit-code only they are 0', async () => {
  const same = await diff('1.0.0', '1.0.0', '--exit-code', '--output', 'table');
  assert.deepEqual([same.exitCode, same.stdout], [0, '1.0.0 and 1.0.0 say the same\n']);
  const other = await diff('1.0.0', '1.1.0', '--exit-code', '--output', 'table');
  assert.deepEqual([other.exitCode, other.stderr], [1, '']);
});

test('a package that is not published yet is compared as a folder', async (t) => {
  const [a, b] = [
    sumPackage(t),
    sumPackage(t, {}, { features: sumManifest.features.toReversed(), outputs: {} }),
  ];
  const { stdout: table } = await runSluice(['release', 'diff', 'sum', a, b, '--output', 'table']);
  assert.match(table, /^outputs\.total +who send features +is gone/m);
  assert.doesNotMatch(table, /Nothing here breaks/);
  const { stdout } = await runSluice(['release', 'diff', 'sum', a, b]);
  const { breaks } = JSON.parse(stdout) as { breaks: { path: string }[] };
  assert.deepEqual(
    breaks.map(({ path }) => path),
    ['outputs.total'],
  );
});

test('any other selector is what the gateway says it is', async (t) => {
  const { url } = await standInGateway(t, {
    'GET /v1/models/churn/versions/champion': [
      200,
      { release: { release: { name: 'churn', version: '1.1.0' } } },
    ],
    'GET /v1/models/churn/versions/old': [404, { code: 'RELEASE_NOT_FOUND', message: "no alias 'old'" }],
  });
  const { stdout } = await diff('1.0.0', 'champion', '--server', url);
  assert.equal((JSON.parse(stdout) as { to: string }).to, '1.1.0');
  const lost = await diff('1.0.0', 'old', '--server', url, '--output', 'table');
  assert.deepEqual([lost.exitCode, lost.stderr], [1, "sluice: no alias 'old' (RELEASE_NOT_FOUND)\n"]);
});
