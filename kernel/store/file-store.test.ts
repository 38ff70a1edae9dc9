import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { temporaryStore } from '../testing/temporary-store.ts';
import { fileStore } from './file-store.ts';
import { openStore } from './open-store.ts';

/** What only a store in a folder has; what all stores promise is in store.test.ts. */

const stored = (path: string) => ({
  path,
  open: async function* () {
    yield Buffer.alloc(10);
  },
});

test('a place that is taken by a file cannot become a folder', async (t) => {
  const { store, put } = await temporaryStore(t);
  await put('file', '');
  await assert.rejects(store.create('file/below', new Uint8Array()));
  await assert.rejects(store.createFolder('file/below', [stored('a')]));
  await assert.rejects(store.createFolder('file', [stored('a')]));
});

test('an empty folder is no folder that is there already', async (t) => {
  const { store, folder } = await temporaryStore(t);
  await mkdir(`${folder}/m/1`, { recursive: true });
  assert.equal(await store.createFolder('m/1', [stored('a')]), true);
});

test('a folder that does not exist is an empty store', async (t) => {
  const { folder } = await temporaryStore(t);
  const store = fileStore(`file:${folder}/nowhere`);
  assert.deepEqual(await store.folders(''), []);
  assert.equal(await store.createFolder('m/1', [stored('a')]), true);
  assert.deepEqual(await store.files(''), ['m/1/a', ...(await leftIn(store.url))]);
});

const leftIn = async (url: string): Promise<string[]> => readdir(`${url.slice('file:'.length)}/.staging`);

test('nothing stays where folders are prepared, whether they were made or not', async (t) => {
  const { store } = await temporaryStore(t);
  const many = Array.from({ length: 5 }, () => store.createFolder('m/1', [stored('a')]));
  assert.equal((await Promise.all(many)).filter(Boolean).length, 1);
  await assert.rejects(store.createFolder('m/2', [stored('a'), { path: 'b', open: () => gone() }]), /gone/);
  assert.deepEqual(await leftIn(store.url), []);
});

// biome-ignore lint/correctness/useYield: it fails before its first byte.
const gone = async function* (): AsyncGenerator<Uint8Array> {
  throw new Error('gone');
};

test('what killed processes left a day ago is swept away by the next folder, what is younger is not', async (t) => {
  const { store, folder } = await temporaryStore(t);
  for (const [name, hours] of [
    ['old', 25],
    ['young', 23],
  ] as const) {
    await mkdir(`${folder}/.staging/${name}/deep`, { recursive: true });
    await writeFile(`${folder}/.staging/${name}/deep/file`, 'x');
    const at = new Date(Date.now() - hours * 3_600_000);
    await utimes(`${folder}/.staging/${name}`, at, at);
  }
  assert.equal(await store.createFolder('m/1', [stored('a')]), true);
  assert.deepEqual(await leftIn(store.url), ['young']);
  assert.deepEqual(await store.folders(''), ['m']);
});

/** A disk of a megabyte needs a namespace of its own for mounts, which not every machine allows. */
const onSmallDisk = 'mount -t tmpfs -o size=1m tmpfs "$1" && exec "$2" "$3" "$1"';
const unshare = (folder: string, program: string, script: string) =>
  spawnSync(
    'unshare',
    ['--map-root-user', '--mount', 'sh', '-c', onSmallDisk, 'sh', folder, program, script],
    {
      encoding: 'utf8',
    },
  );

test('a full disk is said in words, and nothing is left on it', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-disk-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  if (unshare(folder, 'true', '').status !== 0) {
    t.skip('this machine does not allow mounts');
    return;
  }
  const script = resolve(import.meta.dirname, '../testing/fill-disk.ts');
  const { stdout, stderr } = unshare(folder, process.execPath, script);
  const error = {
    code: 'STORE_UNAVAILABLE',
    message: `file:${folder} cannot be written: the disk is full`,
  };
  assert.deepEqual(JSON.parse(stdout || `"${stderr}"`), {
    made: error,
    created: error,
    left: ['.staging', '_revisions'],
    fits: true,
  });
});

test('a store that may not be written to is said in words', async (t) => {
  if (process.getuid?.() === 0) {
    t.skip('root may write everywhere');
    return;
  }
  const { store, folder } = await temporaryStore(t);
  await mkdir(`${folder}/.staging`, { mode: 0o500 });
  await assert.rejects(store.createFolder('m/1', [stored('a')]), {
    code: 'STORE_UNAVAILABLE',
    message: `${store.url} cannot be written: permission denied`,
  });
});

test('a store is named by a file: URL, absolute, relative or with two slashes', async (t) => {
  const { folder, put } = await temporaryStore(t);
  await put('a/x', '');
  for (const url of [`file:${folder}`, `file:${folder}/`, pathToFileURL(folder).href, `file://${folder}/`])
    assert.deepEqual(await openStore(url).folders(''), ['a'], url);
  assert.equal(await openStore('file:some/folder').localFolder('m'), resolve('some/folder/m'));
});
