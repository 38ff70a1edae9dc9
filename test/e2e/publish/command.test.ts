import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { repository } from '../../support/process.ts';
import { adminKey, type PackageFolder, packageFolder } from '../../support/publishing.ts';
import { type CommandOutcome, runCommand } from '../../support/sluice-command.ts';
import { echoFiles, type Publishable, startPublishable } from './fixture.ts';

describe('sluice release publish', () => {
  const stack = new AsyncDisposableStack();
  let sluice: Publishable;

  before(async () => {
    sluice = stack.use(await startPublishable());
  });
  after(() => stack.disposeAsync());

  const folderOf = async (version: string): Promise<PackageFolder> =>
    stack.use(await packageFolder('echo', version, echoFiles(version)));
  const run = (
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<CommandOutcome> =>
    runCommand(['release', 'publish', ...args], {
      SLUICE_SERVER: sluice.gateway.http,
      SLUICE_ADMIN_KEY: adminKey,
      ...env,
    });

  test('as a table: what was published, what came of it, and what is next', async () => {
    const { folder, announced } = await folderOf('1.0.0');
    const { exitCode, stdout, stderr } = await run([folder, '--by', 'bob@desk', '--output', 'table']);
    assert.deepEqual([exitCode, stderr], [0, '']);
    assert.match(stdout, new RegExp(`^digest +${announced.digest}$`, 'm'));
    assert.match(stdout, /^published +\d{4}-.*Z by bob@desk$/m);
    assert.match(stdout, /^state +ready$/m);
    assert.match(stdout, /^next +sluice predict echo --version 1\.0\.0 /m);
  });

  test('as JSON: the answer itself', async () => {
    const { folder, announced } = await folderOf('1.0.0');
    const { exitCode, stdout } = await run([folder]);
    assert.equal(exitCode, 0);
    const answer = JSON.parse(stdout);
    assert.deepEqual(answer.release, { name: 'echo', version: '1.0.0', digest: announced.digest });
    assert.equal(answer.alreadyThere, true);
    assert.equal(answer.published.by, 'bob@desk');
  });

  test('hidden files are left out, the name comes from the command line where it is said', async () => {
    const files = { 'model.onnx': echoFiles('1')['model.onnx'], '.DS_Store': 'x', '.git/config': 'x' };
    const { folder } = stack.use(await packageFolder('', '', files));
    const { exitCode, stdout, stderr } = await run([
      folder,
      '--model',
      'bare',
      '--version',
      '7',
      '-o',
      'table',
    ]);
    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, /^model +bare\nversion +7\n/);
    assert.match(stdout, /^files +1, /m);
  });

  test('the key comes from a file, and its absence is wrong usage', async () => {
    const { folder } = await folderOf('1.0.0');
    const home = await mkdtemp(join(tmpdir(), 'sluice-home-'));
    stack.defer(() => rm(home, { recursive: true, force: true }));
    const none = { SLUICE_ADMIN_KEY: '', SLUICE_HOME: home };
    const without = await run([folder], none);
    assert.equal(without.exitCode, 64);
    assert.match(without.stderr, /SLUICE_ADMIN_KEY, --admin-key-file, or .*admin-key as npm start writes it/);
    await writeFile(join(home, 'admin-key'), `${adminKey}\n`);
    assert.equal((await run([folder], none)).exitCode, 0);
    assert.equal((await run([folder, '--admin-key-file', join(home, 'admin-key')], none)).exitCode, 0);
    const wrong = await run([folder], { SLUICE_ADMIN_KEY: 'wrong' });
    assert.deepEqual([wrong.exitCode, JSON.parse(wrong.stderr).code], [1, 'UNAUTHENTICATED']);
  });

  test('a release that is in the store and does not answer is exit code 1, unless nobody waits for it', async () => {
    const golden = '{"name":"other","features":{"x0":[1]},"outputs":{"y0":[2]}}\n';
    const files = { ...echoFiles('3.0.0'), 'golden.jsonl': golden };
    const { folder } = stack.use(await packageFolder('echo', '3.0.0', files));
    const waited = await run([folder]);
    assert.deepEqual([waited.exitCode, JSON.parse(waited.stderr).code], [1, 'NOT_SERVED']);
    assert.equal((await run([folder, '--no-wait'])).exitCode, 0);
  });

  test('a folder that is missing, empty or a file is wrong usage; a gateway that is away is exit code 69', async () => {
    const { folder } = await folderOf('1.0.0');
    const empty = stack.use(await packageFolder('echo', '1.0.0', {}));
    for (const wrong of ['/no/such', empty.folder, join(folder, 'model.onnx')])
      assert.equal((await run([wrong])).exitCode, 64, wrong);
    assert.equal((await run([folder, '--server', 'http://127.0.0.1:9'])).exitCode, 69);
    assert.equal((await run([folder, '--grpc-server', '127.0.0.1:9'])).exitCode, 69);
  });

  test('the command as it is installed, one file, publishes too', async () => {
    const { folder } = await folderOf('4.0.0');
    execFileSync(process.execPath, ['cli/scripts/bundle.ts'], { cwd: repository });
    const env = { ...process.env, SLUICE_SERVER: sluice.gateway.http, SLUICE_ADMIN_KEY: adminKey };
    const printed = execFileSync('node', ['cli/dist/sluice.mjs', 'release', 'publish', folder], {
      cwd: repository,
      env,
      encoding: 'utf8',
    });
    assert.equal(JSON.parse(printed).state, 'RELEASE_STATE_READY');
  });
});
