import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { temporaryStore } from '../testing/temporary-store.ts';
import { fileStore } from './file-store.ts';
import { openStore } from './open-store.ts';
import type { StoredFile } from './store.ts';

test('what is created can be read, and is not written a second time', async (t) => {
  const { store } = await temporaryStore(t);
  assert.equal(await store.create('a/b/c.txt', Buffer.from('first')), true);
  assert.equal(await store.create('a/b/c.txt', Buffer.from('second')), false);
  assert.equal((await store.read('a/b/c.txt')).toString(), 'first');
});

test('of many who create the same file at once exactly one wins, and its bytes are whole', async (t) => {
  const { store, folder } = await temporaryStore(t);
  const contents = Array.from({ length: 20 }, (_, index) => Buffer.alloc(100_000, index));
  const created = await Promise.all(contents.map((bytes) => store.create('x/file', bytes)));
  assert.equal(created.filter(Boolean).length, 1);
  assert.deepEqual(await store.read('x/file'), contents[created.indexOf(true)]);
  assert.deepEqual(await readdir(`${folder}/x`), ['file']);
});

/** A file of so many equal bytes. */
const stored = (path: string, length: number, value: number): StoredFile => ({
  path,
  open: async function* () {
    yield Buffer.alloc(length, value);
  },
});

test('of many who create the same folder at once exactly one wins, with all its files and no others', async (t) => {
  const { store, folder } = await temporaryStore(t);
  const created = await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      store.createFolder('m/1.0.0', [
        stored('model.onnx', 100_000, index),
        stored(`deep/${index}`, 10, index),
      ]),
    ),
  );
  assert.equal(created.filter(Boolean).length, 1);
  const winner = created.indexOf(true);
  assert.deepEqual((await store.files('m/1.0.0')).sort(), [`deep/${winner}`, 'model.onnx']);
  assert.deepEqual(await store.read('m/1.0.0/model.onnx'), Buffer.alloc(100_000, winner));
  assert.deepEqual(await readdir(`${folder}/.staging`), []);
});

test('a folder of which one file cannot be read is not made', async (t) => {
  const { store } = await temporaryStore(t);
  const broken: StoredFile = {
    path: 'b',
    // biome-ignore lint/correctness/useYield: it fails before its first byte.
    open: async function* () {
      throw new Error('gone');
    },
  };
  await assert.rejects(store.createFolder('m/1.0.0', [stored('a', 10, 1), broken]), /gone/);
  assert.deepEqual(await store.folders(''), []);
});

test('a file that is not finished is not seen', async (t) => {
  const { store } = await temporaryStore(t);
  const writing = store.create('m/1/model.onnx', Buffer.alloc(5_000_000, 1));
  for (let looks = 0; looks < 20; looks += 1) {
    const size = await store.read('m/1/model.onnx').then(
      ({ length }) => length,
      () => 'nothing' as const,
    );
    assert.ok(size === 'nothing' || size === 5_000_000, `${size}`);
  }
  assert.equal(await writing, true);
});

test('folders and files are listed, what is hidden is no folder', async (t) => {
  const { store, put, folder } = await temporaryStore(t);
  for (const path of ['a/1/x', 'a/1/sub/y', '.hidden/x', 'b/x', 'file']) await put(path, '');
  assert.deepEqual((await store.folders('')).sort(), ['a', 'b']);
  assert.deepEqual((await store.files('a')).sort(), ['1/sub/y', '1/x']);
  assert.equal(await store.localFolder('a/1'), resolve(folder, 'a/1'));
});

test('what is not there has no folders and no files, and cannot be read', async (t) => {
  const { store, put } = await temporaryStore(t);
  await put('file', '');
  for (const path of ['nothing', 'nothing/below', 'file/below']) {
    assert.deepEqual(await store.folders(path), []);
    assert.deepEqual(await store.files(path), []);
    await assert.rejects(store.read(path));
  }
  const nowhere = fileStore(`file:${await store.localFolder('nowhere')}`);
  assert.deepEqual(await nowhere.folders(''), []);
});

test('a place that is taken by a file cannot become a folder', async (t) => {
  const { store, put } = await temporaryStore(t);
  await put('file', '');
  await assert.rejects(store.create('file/below', new Uint8Array()));
});

test('a store is named by a file: URL, absolute, relative or with two slashes', async (t) => {
  const { folder, put } = await temporaryStore(t);
  await put('a/x', '');
  for (const url of [`file:${folder}`, `file:${folder}/`, pathToFileURL(folder).href, `file://${folder}/`])
    assert.deepEqual(await openStore(url).folders(''), ['a'], url);
  assert.equal(await openStore('file:some/folder').localFolder('m'), resolve('some/folder/m'));
});

for (const url of ['', 's3://bucket', '/srv/store', 'http://host/']) {
  test(`another scheme is refused: '${url}'`, () => {
    assert.throws(() => openStore(url), {
      code: 'INVALID_INPUT',
      message: `STORE_URL: expected file:<folder>, got ${url}`,
    });
  });
}
