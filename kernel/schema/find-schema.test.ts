import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listFolders, readListed } from '../release/list-releases.ts';
import { readRelease } from '../release/read-release.ts';
import { identityModel } from '../testing/onnx-model.ts';
import { temporaryStore } from '../testing/temporary-store.ts';

const model = identityModel([{ datatype: 'FP32', shape: ['N'] }]);
const manifest = (version: string): string =>
  `{apiVersion: sluice/v1, model: m, version: ${version}, features: [{name: a, type: number, tensor: x0}]}`;
const schema = (versions?: string): string =>
  JSON.stringify({ ...(versions === undefined ? {} : { versions }), properties: { a: { minimum: 1 } } });

type Files = Readonly<Record<string, string>>;

const listed = async (t: Parameters<typeof temporaryStore>[0], version: string, files: Files) => {
  const { store, put } = await temporaryStore(t);
  await put(`m/${version}/model.onnx`, model);
  await put(`m/${version}/sluice.yaml`, manifest(version));
  for (const [path, content] of Object.entries(files)) await put(`m/${path}`, content);
  return readListed(store, 'm', version);
};

const found: readonly [version: string, files: Files, file: string | undefined][] = [
  ['2.1.3', {}, undefined],
  ['2.1.3', { '2.1.3/schema.json': schema() }, 'schema.json'],
  ['2.1.3', { 'schemas/two.json': schema('2.x') }, '../schemas/two.json'],
  ['2.1.3', { 'schemas/two.json': schema('3.x') }, undefined],
  [
    '2.1.3',
    { 'schemas/a.json': schema('*'), 'schemas/b.json': schema('2.1.x'), 'schemas/c.json': schema('2.x') },
    '../schemas/b.json',
  ],
  [
    '2.1.3',
    { 'schemas/b.json': schema('2.1.x'), 'schemas/exact.json': schema('2.1.3') },
    '../schemas/exact.json',
  ],
  ['2.1.3', { '2.1.3/schema.json': schema(), 'schemas/exact.json': schema('2.1.3') }, 'schema.json'],
  ['2.1.0-rc.1', { 'schemas/b.json': schema('2.1.x') }, '../schemas/b.json'],
  ['2.1.3', { 'schemas/notes.md': 'hello' }, undefined],
];

for (const [version, files, file] of found) {
  test(`of ${Object.keys(files).join(', ') || 'no files'} ${version} has ${file ?? 'none'}`, async (t) => {
    const read = await listed(t, version, files);
    assert.ok('release' in read, 'fault' in read ? read.fault : '');
    assert.equal(read.release.given?.file, file);
  });
}

const bad: readonly [files: Files, fault: RegExp][] = [
  [
    { 'schemas/a.json': schema('2.1.x'), 'schemas/b.json': schema('~2.1') },
    /^\.\.\/schemas\/a\.json \(2\.1\.x\) and \.\.\/schemas\/b\.json \(~2\.1\) are equally specific/,
  ],
  [
    { 'schemas/a.json': schema('>=2.1 <2.5'), 'schemas/b.json': schema('>=2.0 <2.3') },
    /a\.json .* and .*b\.json .* are equally specific/,
  ],
  [{ 'schemas/a.json': schema() }, /^\.\.\/schemas\/a\.json: versions: missing/],
  [{ 'schemas/a.json': schema('two') }, /^\.\.\/schemas\/a\.json: versions: expected a range .*, got 'two'/],
  [{ 'schemas/a.json': schema('>3 <2') }, /versions: nothing is within '>3 <2'/],
  [{ 'schemas/a.json': '{' }, /^\.\.\/schemas\/a\.json: it is not JSON/],
  [{ '2.1.3/schema.json': schema('2.x') }, /^schema\.json: versions: only a file in schemas/],
  [{ '2.1.3/schema.json': '{"required": ["b"]}' }, /^schema\.json: required: there is no feature b$/],
];

for (const [files, fault] of bad) {
  test(`a fault of the release, by file: ${fault.source}`, async (t) => {
    const read = await listed(t, '2.1.3', files);
    assert.match('fault' in read ? read.fault : 'none', fault);
  });
}

test('schemas beside the releases are no release, in no digest, and none the worse for it', async (t) => {
  const { store, put } = await temporaryStore(t);
  await put('m/1/model.onnx', model);
  const { digest } = await readRelease(store, 'm', '1');
  await put('m/schemas/a.json', '{"versions": "*"}');
  assert.equal((await readRelease(store, 'm', '1')).digest, digest);
  assert.deepEqual((await listFolders(store, 'm')).strangers, []);
});
