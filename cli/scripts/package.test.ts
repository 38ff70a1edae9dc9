import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { standInGateway } from '../testing/stand-in-gateway.ts';

const run = promisify(execFile);
const workspace = resolve(import.meta.dirname, '..');
const project = mkdtempSync(join(tmpdir(), 'sluice-package-'));

/** A failure of npm shows what it printed; of ours, the exit code. */
const inProject = (command: string, ...args: string[]) => run(command, args, { cwd: project });

before(async () => {
  await run('npm', ['pack', '--pack-destination', project], { cwd: workspace });
  const tarball = readdirSync(project).find((name) => name.endsWith('.tgz')) ?? '';
  writeFileSync(join(project, 'package.json'), '{"private": true}');
  await inProject('npm', 'install', '--offline', '--no-audit', '--no-fund', `./${tarball}`);
});
after(() => rmSync(project, { recursive: true, force: true }));

test('the package holds the bundle and nothing else, and needs no other package', () => {
  const installed = join(project, 'node_modules/@sluice/cli');
  assert.deepEqual(readdirSync(installed, { recursive: true }).sort(), [
    'dist',
    'dist/sluice.mjs',
    'package.json',
    'sluice.mjs',
  ]);
  assert.deepEqual(
    readdirSync(join(project, 'node_modules')).filter((name) => !name.startsWith('.')),
    ['@sluice'],
  );
});

test('npx sluice --version is that of the package', async () => {
  const { version } = JSON.parse(readFileSync(join(workspace, 'package.json'), 'utf8')) as {
    version: string;
  };
  assert.equal((await inProject('npx', '--offline', 'sluice', '--version')).stdout, `${version}\n`);
});

test('the installed command talks to a gateway', async (t) => {
  const answer = { models: [{ name: 'churn', releases: [] }] };
  const { url } = await standInGateway(t, { 'GET /v1/models': [200, answer] });
  const { stdout } = await inProject('npx', '--offline', 'sluice', 'models', 'list', '--server', url);
  assert.deepEqual(JSON.parse(stdout), answer);
});

test('the installed command reads and writes a store', async () => {
  writeFileSync(join(project, 'draft.yaml'), 'models: { churn: { default: 1.0.0 } }');
  await inProject(
    'npx',
    '--offline',
    'sluice',
    'config',
    'apply',
    '-f',
    'draft.yaml',
    '--store',
    'file:store',
  );
  const { stdout } = await inProject('npx', '--offline', 'sluice', 'config', 'get', '--store', 'file:store');
  assert.equal((JSON.parse(stdout) as { revision: number }).revision, 1);
});

test('the installed command makes a package and validates it', async () => {
  const graph = join(workspace, '../models/store/house-price/1.0.0/model.onnx');
  await inProject('npx', '--offline', 'sluice', 'release', 'init', graph, '--out', 'houses');
  const { stdout } = await inProject('npx', '--offline', 'sluice', 'release', 'validate', 'houses');
  assert.equal((JSON.parse(stdout) as { valid: boolean }).valid, true);
});

for (const args of [['start'], ['release', 'test', 'houses'], ['topics', 'list']])
  test(`the installed command says that ${args.join(' ')} needs a checkout`, async () => {
    const failure = await inProject('npx', '--offline', 'sluice', ...args).catch((error: unknown) => error);
    assert.equal((failure as { code: number }).code, 64);
    assert.match((failure as { stderr: string }).stderr, /only in a checkout/);
  });

test('in the checkout the command runs from its source', async () => {
  const { stdout } = await run(join(workspace, 'sluice.mjs'), ['--version']);
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
});
