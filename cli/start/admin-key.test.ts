import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { adminKeyHash } from './admin-key.ts';

const homeOf = async (t: TestContext): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-home-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'home');
};

test('the first start makes a key that only its owner can read, the next ones keep it', async (t) => {
  const home = await homeOf(t);
  const hashes = await Promise.all([adminKeyHash(home), adminKeyHash(home), adminKeyHash(home)]);
  assert.equal(new Set([...hashes, await adminKeyHash(home)]).size, 1);
  assert.deepEqual(await readdir(home), ['admin-key']);
  const key = (await readFile(join(home, 'admin-key'), 'utf8')).trim();
  assert.match(key, /^[\w-]{43}$/);
  assert.equal(hashes[0], createHash('sha256').update(key).digest('hex'));
  assert.equal((await stat(join(home, 'admin-key'))).mode & 0o777, 0o600);
});

test('an empty file is no key', async (t) => {
  const home = await homeOf(t);
  await adminKeyHash(home);
  await writeFile(join(home, 'admin-key'), '\n');
  await assert.rejects(adminKeyHash(home), /admin-key is empty: remove it/);
});
