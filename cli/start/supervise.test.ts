import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isAlive, superviseStandIns, until } from './testing/supervised-table.ts';

test('processes start in order, each after those it waits for', async (t) => {
  const table = await superviseStandIns(t, [{ name: 'a' }, { name: 'b', after: ['a'] }]);
  await until('both are ready', () => table.stderr().includes('all ready'));
  assert.deepEqual(table.notes(), ['a started', 'a listening', 'b started', 'b listening']);
});

test('what processes write comes out as JSON lines with the name of the process', async (t) => {
  const table = await superviseStandIns(t, [{ name: 'a' }]);
  await until('its lines', () => table.stdout().includes('no JSON'));
  const lines = table
    .stdout()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.deepEqual(lines[0], { process: 'a', level: 'info', msg: 'hello' });
  assert.deepEqual(
    [lines[1]?.['process'], lines[1]?.['stream'], lines[1]?.['msg']],
    ['a', 'stdout', 'no JSON'],
  );
});

test('SIGTERM stops the processes in reverse order and exits with 0', async (t) => {
  const table = await superviseStandIns(t, [{ name: 'a' }, { name: 'b' }, { name: 'c' }]);
  await until('all are ready', () => table.stderr().includes('all ready'));
  table.supervisor.kill('SIGTERM');
  assert.deepEqual(await table.exit, { code: 0, signal: null });
  assert.deepEqual(table.notes().slice(-3), ['c stopped', 'b stopped', 'a stopped']);
});

test('SIGTERM while a process never becomes ready stops everything too', async (t) => {
  const table = await superviseStandIns(t, [{ name: 'a' }, { name: 'b', does: 'crash', after: ['a'] }]);
  await until('b crashes', () => table.notes().includes('b started'));
  table.supervisor.kill('SIGTERM');
  assert.equal((await table.exit).code, 0);
  assert.equal(table.notes().at(-1), 'a stopped');
});

test('a process that dies is started again, said aloud, with a growing delay', async (t) => {
  const table = await superviseStandIns(t, [{ name: 'a' }, { name: 'b', does: 'crash' }]);
  const delays = () =>
    [...table.stdout().matchAll(/b exited with 1, restarting in ([\d.]+) s/g)].map((match) => match[1]);
  await until('five starts', () => table.pids('b').length >= 5);
  // What it says comes on another way than the notes.
  await until('the word about four of them', () => delays().length >= 4);
  assert.deepEqual(delays().slice(0, 4), ['0.02', '0.04', '0.08', '0.08']);
  assert.equal(table.pids('a').length, 1);
});

test('a process that is killed is ready again, under the same address', async (t) => {
  const table = await superviseStandIns(t, [{ name: 'a' }]);
  await until('it is ready', () => table.stderr().includes('all ready'));
  process.kill(table.pids('a')[0] ?? 0, 'SIGKILL');
  await until('it is ready again', () => table.stdout().match(/a is ready/g)?.length === 2);
  assert.match(table.stdout(), /a was killed by SIGKILL, restarting in 0.02 s/);
});

test('a process that finds its configuration wrong stops everything, with its exit code', async (t) => {
  const table = await superviseStandIns(t, [{ name: 'a' }, { name: 'b', does: 'exit-64', after: ['a'] }]);
  assert.equal((await table.exit).code, 64);
  assert.match(table.stdout(), /HTTP_PORT: expected a port number/);
  assert.match(table.stdout(), /b exited with 64: its configuration is wrong/);
  assert.deepEqual(table.notes(), ['a started', 'a listening', 'b started', 'a stopped']);
});

test('a process that does not end in time is killed', async (t) => {
  const table = await superviseStandIns(t, [{ name: 'a', does: 'ignore-sigterm' }]);
  await until('it is ready', () => table.stderr().includes('all ready'));
  table.supervisor.kill('SIGTERM');
  assert.equal((await table.exit).code, 0);
  assert.match(table.stdout(), /a did not end within 2 s, killing it/);
  assert.ok(table.pids('a').every((pid) => !isAlive(pid)));
});

test('the processes end when the supervisor is killed by -9', async (t) => {
  const table = await superviseStandIns(t, [{ name: 'a' }, { name: 'b' }]);
  await until('both are ready', () => table.stderr().includes('all ready'));
  table.supervisor.kill('SIGKILL');
  await until(
    'both have ended',
    () => table.notes().filter((note) => note.endsWith('orphaned')).length === 2,
  );
  assert.deepEqual(table.notes().slice(-2).sort(), ['a orphaned', 'b orphaned']);
});

test('with --watch a process is restarted when one of its files changes', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-watched-'));
  const table = await superviseStandIns(t, [{ name: 'a', watch: [folder] }, { name: 'b' }], '--watch');
  await until('both are ready', () => table.stderr().includes('all ready'));
  writeFileSync(join(folder, 'layer.test.ts'), '');
  writeFileSync(join(folder, 'layer.ts'), '');
  await until('a runs again', () => table.pids('a').length === 2);
  await until('the word about it', () => /layer.ts changed, restarting a/.test(table.stdout()));
  assert.equal(table.pids('b').length, 1);
});
