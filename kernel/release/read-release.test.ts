import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { fileStore } from '../store/file-store.ts';
import { identityModel } from '../testing/onnx-model.ts';
import { temporaryStore } from '../testing/temporary-store.ts';
import { digestOf, sha256 } from './digest.ts';
import { listModels, listVersions, readListed } from './list-releases.ts';
import { readRelease } from './read-release.ts';

const examples = fileStore(`file:${resolve(import.meta.dirname, '../../models/store')}`);
const model = identityModel([{ datatype: 'FP32', shape: ['N', 3] }]);

test('every example release can be read', async () => {
  const read: string[] = [];
  for (const name of await listModels(examples)) {
    for (const version of await listVersions(examples, name)) {
      const listed = await readListed(examples, name, version);
      assert.ok('release' in listed, 'fault' in listed ? listed.fault : '');
      read.push(`${name} ${version}`);
    }
  }
  assert.deepEqual(read, [
    'car-price 1.0.0',
    'churn 2.0.0',
    'churn 1.1.0',
    'churn 1.0.0',
    'digits 1',
    'house-price 1.0.0',
  ]);
});

test('signature, manifest and batching come together', async () => {
  const release = await readRelease(examples, 'churn', '1.1.0');
  assert.deepEqual(release.signature.inputs, [
    { name: 'numeric', datatype: 'FP32', shape: [-1, 8] },
    { name: 'categories', datatype: 'BYTES', shape: [-1, 11] },
  ]);
  assert.equal(release.manifest?.features.length, 19);
  assert.deepEqual(release.batching, { maxSize: 64, preferredSizes: [], maxDelayMs: 0 });
  assert.match(release.digest, /^sha256:[0-9a-f]{64}$/);
});

test('a bare folder is a release, and its digest covers every file below it', async (t) => {
  const { store, put } = await temporaryStore(t);
  await put('m/1/model.onnx', model);
  await put('m/1/sub/notes.txt', 'hello');
  const { manifest, digest } = await readRelease(store, 'm', '1');
  assert.equal(manifest, undefined);
  const files = [
    { path: 'model.onnx', size: model.length, sha256: sha256(model) },
    { path: 'sub/notes.txt', size: 5, sha256: sha256(Buffer.from('hello')) },
  ];
  assert.equal(digest, digestOf(files));
});

test('config.pbtxt counts beside the versions and inside one, where it wins', async (t) => {
  const { store, put } = await temporaryStore(t);
  await put('m/1/model.onnx', model);
  await put('m/2/model.onnx', model);
  await put('m/config.pbtxt', 'name: "m" max_batch_size: 8');
  await put('m/2/config.pbtxt', 'max_batch_size: 4');
  assert.equal((await readRelease(store, 'm', '1')).signature.maxBatchSize, 8);
  assert.equal((await readRelease(store, 'm', '2')).signature.maxBatchSize, 4);
});

const manifest = (name: string, version: string) =>
  `{apiVersion: sluice/v1, model: ${name}, version: "${version}"}`;
const bad: readonly [what: string, files: Readonly<Record<string, string | Uint8Array>>, fault: RegExp][] = [
  ['no graph', { 'card.md': 'hi' }, /^there is no model\.onnx$/],
  [
    'a truncated graph',
    { 'model.onnx': model.subarray(0, -1) },
    /^model\.onnx: this is not an ONNX model: it is truncated/,
  ],
  [
    'text for a graph',
    { 'model.onnx': 'version https://git-lfs.github.com' },
    /^model\.onnx: this is not an ONNX model: it is a pointer of Git LFS; run git lfs pull/,
  ],
  [
    'the manifest of another model',
    { 'model.onnx': model, 'sluice.yaml': manifest('other', '1') },
    /model: expected m as the folder says, got other/,
  ],
  [
    'the manifest of another version',
    { 'model.onnx': model, 'sluice.yaml': manifest('m', '1.0.1') },
    /version: expected 1 as the folder says, got 1\.0\.1/,
  ],
  [
    'the config.pbtxt of another model',
    { 'model.onnx': model, 'config.pbtxt': 'name: "n"' },
    /name: expected m as the folder says, got n/,
  ],
];

for (const [what, files, fault] of bad) {
  test(`a broken release is listed with its fault: ${what}`, async (t) => {
    const { store, put } = await temporaryStore(t);
    for (const [path, content] of Object.entries(files)) await put(`m/1/${path}`, content);
    const listed = await readListed(store, 'm', '1');
    assert.ok('fault' in listed);
    assert.match(listed.fault, fault);
  });
}

test('a manifest may say 1.0.0 in the folder 1', async (t) => {
  const { store, put } = await temporaryStore(t);
  await put('m/1/model.onnx', model);
  await put('m/1/sluice.yaml', manifest('m', '1.0.0'));
  assert.equal((await readRelease(store, 'm', '1')).version, '1');
});
