import assert from 'node:assert/strict';
import { test } from 'node:test';
import { temporaryStore } from '../testing/temporary-store.ts';
import { CopiedFolders } from './copied-folders.ts';

test('a copied folder is whole once it is the same at two looks', async (t) => {
  const { store, put } = await temporaryStore(t);
  const copied = new CopiedFolders();
  const isWhole = () => copied.isWhole(store, 'm', '1');
  await put('m/1/card.md', 'a card');
  assert.equal(await isWhole(), false);
  await put('m/1/model.onnx', 'a graph');
  assert.equal(await isWhole(), false);
  assert.equal(await isWhole(), true);
});

test('a folder without a file is not whole however often it is the same', async (t) => {
  const { store } = await temporaryStore(t);
  const copied = new CopiedFolders();
  for (let look = 0; look < 3; look += 1) assert.equal(await copied.isWhole(store, 'm', '1'), false);
});

test('a published folder is whole at once', async (t) => {
  const { store, put } = await temporaryStore(t);
  await put('m/1/.published.json', '{}');
  assert.equal(await new CopiedFolders().isWhole(store, 'm', '1'), true);
});
