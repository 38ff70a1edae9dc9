import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventually } from '../event-log/testing/eventually.ts';
import { accepts } from './database-server.ts';
import { postgresPrograms, reasonToSkipPostgres } from './postgres-program.ts';
import { skipPostgres } from './postgres-server.ts';

/** Starts a server, says its port, and stands still until it is killed. */
const owner = (module: string, start: string): string => `
const { ${start} } = await import('${join(import.meta.dirname, module)}');
console.log((await ${start}()).port);
setInterval(() => undefined, 1_000);`;

for (const [module, start, skip] of [
  ['postgres-server.ts', 'startPostgres', skipPostgres],
  ['pglite-server.ts', 'startPglite', false],
] as const)
  test(`what ${start} started ends when its starter is killed`, { skip }, async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-owner-'));
    // What it leaves behind lies here; PostgreSQL is somebody else, who must get in.
    await chmod(folder, 0o755);
    t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
    const child = spawn(process.execPath, ['--input-type=module', '-e', owner(module, start)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, TMPDIR: folder },
    });
    const [line] = await once(child.stdout, 'data');
    const port = Number(String(line));
    assert.ok(await accepts(port));
    child.kill('SIGKILL');
    await eventually('the server to end', async () => !(await accepts(port)), 60_000);
  });

test('the newest version that is there is taken; without one tests are skipped, and in CI they fail', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-versions-'));
  t.after(() => rm(folder, { recursive: true }));
  const missing = await postgresPrograms(folder);
  assert.match(reasonToSkipPostgres(missing, {}) ?? '', /did not run: there is no PostgreSQL in/);
  assert.throws(() => reasonToSkipPostgres(missing, { CI: 'true' }), /there is no PostgreSQL in/);
  for (const version of ['9', '15', 'x']) await mkdir(join(folder, version));
  const found = await postgresPrograms(folder);
  if ('missing' in found) assert.match(found.missing, /root cannot run PostgreSQL/);
  else assert.equal(found.folder, join(folder, '15', 'bin'));
  assert.equal(reasonToSkipPostgres({ folder, user: undefined }, { CI: 'true' }), undefined);
});
