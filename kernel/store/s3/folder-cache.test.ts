import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { folderCache } from './folder-cache.ts';
import type { Sourced } from './object-tree.ts';

const url = 's3://bucket';
const megabyte = 1_000_000;

/** A folder of one file of a megabyte that nobody else has. */
const filesOf = (name: string): Sourced[] => {
  const object = { key: name, size: megabyte, etag: name };
  return [{ path: 'model.onnx', source: { key: name, object } }];
};

const open = async (t: TestContext, maxBytes: number) => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-cache-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  let fetched = 0;
  const fetch = async function* (): AsyncGenerator<Uint8Array> {
    fetched += 1;
    yield Buffer.alloc(megabyte);
  };
  const cache = folderCache({ folder, maxBytes });
  return {
    folder,
    cache,
    fetched: () => fetched,
    keep: (name: string) => cache.keep(url, filesOf(name), fetch),
    names: async () => (await readdir(folder)).filter((name) => !name.startsWith('.')),
  };
};

/** As if it had been used so long ago. */
const age = async (path: string, minutes: number): Promise<void> => {
  const at = new Date(Date.now() - minutes * 60_000);
  await utimes(path, at, at);
};

test('a folder is fetched once, also by another process', async (t) => {
  const { keep, fetched, folder } = await open(t, 10 * megabyte);
  const path = await keep('a');
  assert.equal(await keep('a'), path);
  const other = folderCache({ folder, maxBytes: 10 * megabyte });
  assert.equal(await other.keep(url, filesOf('a'), () => assert.fail('it is there')), path);
  assert.equal(fetched(), 1);
});

test('beyond its bound the least recently used folders go', async (t) => {
  const { keep, names } = await open(t, 2 * megabyte);
  const [a, b] = [await keep('a'), await keep('b')];
  await age(a, 30);
  await age(b, 60);
  await keep('a');
  await age(a, 20);
  const c = await keep('c');
  assert.deepEqual((await names()).sort(), [a, c].map((path) => basename(path)).sort());
});

test('what was asked for a moment ago stays, whatever the bound', async (t) => {
  const { keep, names } = await open(t, 1);
  for (const name of ['a', 'b', 'c']) await keep(name);
  assert.equal((await names()).length, 3);
});

test('a file that went with its folder is not read from there', async (t) => {
  const { cache, keep } = await open(t, megabyte);
  const [file] = filesOf('a');
  assert.ok(file);
  await keep('a');
  assert.equal((await cache.read(url, file.source))?.byteLength, megabyte);
  await age(await keep('a'), 30);
  await keep('b');
  assert.equal(await cache.read(url, file.source), undefined);
});

test('only its owner may look into it', async (t) => {
  const { folder } = await open(t, 1);
  const inside = join(folder, 'deep', 'cache');
  const cache = folderCache({ folder: inside, maxBytes: megabyte });
  await cache.keep(url, filesOf('a'), async function* () {
    yield Buffer.alloc(megabyte);
  });
  assert.equal((await stat(inside)).mode & 0o777, 0o700);
});

test('a folder that cannot be written is said in words', async (t) => {
  const { folder } = await open(t, 1);
  await mkdir(join(folder, 'read-only'), { mode: 0o500 });
  if (process.getuid?.() === 0) {
    t.skip('root may write everywhere');
    return;
  }
  const cache = folderCache({ folder: join(folder, 'read-only', 'cache'), maxBytes: 1 });
  await assert.rejects(
    cache.keep(url, filesOf('a'), () => assert.fail('for nothing')),
    {
      code: 'STORE_UNAVAILABLE',
      message: `STORE_CACHE ${join(folder, 'read-only', 'cache')} cannot be written: permission denied`,
    },
  );
});
