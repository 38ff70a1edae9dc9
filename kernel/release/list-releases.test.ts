import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileStore } from '../store/file-store.ts';
import { temporaryStore } from '../testing/temporary-store.ts';
import { listModels, listVersions } from './list-releases.ts';

test('models are the folders of the store, but for those of Sluice itself', async (t) => {
  const { store, put } = await temporaryStore(t);
  for (const path of ['b/1/x', 'a/1/x', '_revisions/000001.yaml', '.git/x', 'README.md']) await put(path, '');
  assert.deepEqual(await listModels(store), ['a', 'b']);
});

test('versions are the folders whose name is one, highest first', async (t) => {
  const { store, put } = await temporaryStore(t);
  for (const version of ['1', '1.10.0', '1.9.0', '2.0.0-rc.1', 'notes', '1.x'])
    await put(`m/${version}/x`, '');
  await put('m/3', 'a file');
  assert.deepEqual(await listVersions(store, 'm'), ['2.0.0-rc.1', '1.10.0', '1.9.0', '1']);
});

for (const name of ['nobody', '', '.', '..', 'a/b', '../m', 'm/../m', '_revisions', 'm/']) {
  test(`what is no name of a model has no versions: '${name}'`, async (t) => {
    const { store, put } = await temporaryStore(t);
    for (const path of ['m/1/x', '1/1/x', 'a/b/1/x', '_revisions/1/x']) await put(path, '');
    assert.deepEqual(await listVersions(store, name), []);
  });
}

test('a name that climbs out of the store finds nothing', async (t) => {
  const { folder, put } = await temporaryStore(t);
  await put('outside/1/model.onnx', '');
  await put('store/m/1/model.onnx', '');
  const store = fileStore(`file:${folder}/store`);
  assert.deepEqual(await listVersions(store, '../outside'), []);
  for (const path of ['../outside', '../../', 'm/../../outside', '..']) {
    await assert.rejects(store.folders(path), /leaves the store/, path);
    await assert.rejects(store.files(path), /leaves the store/, path);
  }
  await assert.rejects(store.read('../outside/1/model.onnx'), /leaves the store/);
  await assert.rejects(store.create('../outside/2', new Uint8Array()), /leaves the store/);
  await assert.rejects(store.localFolder('../outside'), /leaves the store/);
});
