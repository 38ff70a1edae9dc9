import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { fileStore } from '../store/file-store.ts';
import { identityModel } from '../testing/onnx-model.ts';
import { temporaryStore } from '../testing/temporary-store.ts';
import { listModels, listVersions } from './list-releases.ts';
import { readRelease } from './read-release.ts';

const model = identityModel([{ datatype: 'FP32', shape: ['N', 1] }]);
const about = { by: 'ada@lab', at: '2026-11-21T10:00:00.000Z', from: '127.0.0.1' };

test('who published a release is read with it, and is no part of its digest', async (t) => {
  const { store, put } = await temporaryStore(t);
  await put('m/1/model.onnx', model);
  const { digest, published } = await readRelease(store, 'm', '1');
  assert.equal(published, undefined);
  await put('m/1/.published.json', JSON.stringify({ digest, ...about }));
  const again = await readRelease(store, 'm', '1');
  assert.equal(again.digest, digest);
  assert.deepEqual(again.published, { digest, ...about });
});

test('every example release says who published it and when, and its digest is that of its files', async () => {
  const examples = fileStore(`file:${resolve(import.meta.dirname, '../../models/store')}`);
  for (const name of await listModels(examples))
    for (const version of await listVersions(examples, name)) {
      const { digest, published } = await readRelease(examples, name, version);
      assert.equal(published?.digest, digest, `${name} ${version}`);
      assert.equal(published.by, 'Sluice developers');
      assert.ok(Date.parse(published.at) > Date.parse('2026-11-22'));
    }
});

test('files that are not those that were published are a fault', async (t) => {
  const { store, put } = await temporaryStore(t);
  await put('m/1/model.onnx', model);
  const { digest } = await readRelease(store, 'm', '1');
  await put('m/1/.published.json', JSON.stringify({ digest, ...about }));
  await put('m/1/card.md', 'written later');
  await assert.rejects(readRelease(store, 'm', '1'), (error: Error) => error.message.includes(digest));
});

for (const text of ['', '{}', 'null', '{"digest":"sha256:1"}'])
  test(`a publication that says '${text}' is a fault`, async (t) => {
    const { store, put } = await temporaryStore(t);
    await put('m/1/model.onnx', model);
    await put('m/1/.published.json', text);
    await assert.rejects(readRelease(store, 'm', '1'), /\.published\.json/);
  });
