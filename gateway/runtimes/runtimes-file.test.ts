import assert from 'node:assert/strict';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createLog } from '@sluice/kernel/telemetry/log';
import { temporaryStore } from '@sluice/kernel/testing/temporary-store';
import { RuntimesFile } from './runtimes-file.ts';

const start = async (t: TestContext) => {
  const { folder, put } = await temporaryStore(t);
  const lines: { readonly level: string; readonly msg: string }[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[number]);
  const log = createLog({ process: 'test', environment: 'dev', level: 'info', destination: { write } });
  const given: string[] = [];
  const path = join(folder, 'runtimes');
  const onAddresses = (addresses: readonly string[]): void => void given.push(addresses.join());
  const file = new RuntimesFile({ path, pollMs: 1_000_000, log, onAddresses });
  t.after(() => file[Symbol.asyncDispose]());
  const errors = () => lines.splice(0).flatMap(({ level, msg }) => (level === 'error' ? [msg] : []));
  const take = () => given.splice(0);
  return { file, path, put: (text: string) => put('runtimes', text), take, errors };
};

test('addresses are told at the start, and when others are in the file', async (t) => {
  const { file, path, put, take } = await start(t);
  await put('a:1\nb:1\n');
  await file.start();
  assert.deepEqual(take(), ['a:1,b:1']);
  await put('# only a comment more\na:1\nb:1\n');
  await file.refresh();
  assert.deepEqual(take(), []);
  await writeFile(`${path}.new`, 'b:1\n');
  await rename(`${path}.new`, path);
  await file.refresh();
  assert.deepEqual(take(), ['b:1']);
});

test('a broken file is reported once, and the last good list holds', async (t) => {
  const { file, path, put, take, errors } = await start(t);
  await put('a:1');
  await file.start();
  take();
  for (const text of ['', 'a:1\nwhat?', '\u0000']) {
    await put(text);
    await file.refresh();
    await file.refresh();
    assert.equal(errors().length, 1, JSON.stringify(text));
  }
  await rm(path);
  await file.refresh();
  assert.match(errors()[0] ?? '', /the file of runtimes is not used: .*ENOENT/);
  assert.deepEqual(take(), []);
  await put('c:1');
  await file.refresh();
  assert.deepEqual(take(), ['c:1']);
});

test('a file that is not there yet is waited for', async (t) => {
  const { file, put, take, errors } = await start(t);
  await file.start();
  assert.equal(errors().length, 1);
  await put('a:1');
  await file.refresh();
  assert.deepEqual(take(), ['a:1']);
});
