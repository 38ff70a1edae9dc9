import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileStore } from '../store/file-store.ts';
import type { Store } from '../store/store.ts';
import { identityModel, onnxModel } from '../testing/onnx-model.ts';
import { temporaryStore } from '../testing/temporary-store.ts';
import { type CheckOptions, checkPackage } from './check-package.ts';
import { listModels, listVersions } from './list-releases.ts';
import { PackageError } from './package-error.ts';
import { publicationFile } from './publication.ts';

const model = identityModel([{ datatype: 'FP32', shape: ['N', 1] }]);
const manifest = (more = '') => `apiVersion: sluice/v1
model: m
version: 1.0.0
features:
  - { name: age, type: number, tensor: x0, required: true }
outputs: { score: { tensor: y0 } }
${more}`;
const golden = '{"name": "one", "features": {"age": 1}, "outputs": {"score": 1}}\n';
type Files = Readonly<Record<string, string | Uint8Array>>;
const good: Files = { 'model.onnx': model, 'sluice.yaml': manifest(), 'golden.jsonl': golden };

const check = async (t: TestContext, files: Files, options?: CheckOptions) => {
  const { store, put } = await temporaryStore(t);
  for (const [path, content] of Object.entries(files)) await put(`m/1.0.0/${path}`, content);
  return checkPackage(store, 'm', '1.0.0', options);
};
const refusal = async (t: TestContext, files: Files, options?: CheckOptions): Promise<PackageError> => {
  const error: unknown = await check(t, files, options).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof PackageError, String(error));
  assert.equal(error.code, 'PACKAGE_INVALID');
  assert.equal(error.violations.length, error.faults.length);
  return error;
};

test('a good package is the release that it will be', async (t) => {
  const release = await check(t, good);
  assert.deepEqual([release.model, release.version, release.manifest?.features.length], ['m', '1.0.0', 1]);
});

test('every example release could be published', async () => {
  const published = fileStore(`file:${resolve(import.meta.dirname, '../../models/store')}`);
  // As the command sends them: without who published them.
  const files = async (path: string) =>
    (await published.files(path)).filter((name) => name !== publicationFile);
  const examples: Store = { ...published, files };
  for (const name of await listModels(examples))
    for (const version of await listVersions(examples, name))
      await checkPackage(examples, name, version, { existing: [version, '0.1.0'] });
});

test('every fault is told at once, each with its file, line and path', async (t) => {
  const { violations } = await refusal(t, {
    'model.onnx': onnxModel({
      inputs: [{ name: 'x0', datatype: 'FP32', shape: ['N', 1] }],
      outputs: [{ name: 'y0', datatype: 'FP32', shape: ['N', 1] }],
      nodes: [{ op: 'Foo', domain: 'com.example', inputs: ['x0'], outputs: ['y0'] }],
      opset: 99,
    }),
    'sluice.yaml': `apiVersion: sluice/v1
model: n
version: 1.0.0
features:
  - { name: age, type: number, tensor: x0 }
  - { name: sex, type: number, tensor: gender }
outputs: { score: { tensor: y1 } }
batching: { preferredSizes: [2000] }
`,
    'golden.jsonl': '\n{"name": "one"}\nnot JSON\n',
  });
  assert.deepEqual(
    violations.map(({ path }) => path),
    [
      'sluice.yaml:2: model',
      'model.onnx',
      'model.onnx',
      'sluice.yaml:8: batching.preferredSizes',
      'golden.jsonl:2: features',
      'golden.jsonl:2: outputs',
      'golden.jsonl:3',
    ],
  );
});

test('a contradiction between manifest and graph has the line of its field', async (t) => {
  const more = 'upstream: { url: "grpc://h:1", model: m, identity: i }\n';
  const bad = manifest(more).replace('tensor: x0', 'tensor: x1').replace('tensor: y0', 'tensor: y');
  const { message } = await refusal(t, { ...good, 'sluice.yaml': bad });
  assert.equal(
    message,
    'sluice.yaml:7: upstream: only a release of kind upstream has it; ' +
      'sluice.yaml:5: features.age.tensor: there is no input x1; it has x0; ' +
      'sluice.yaml:4: features: input x0 has 1 columns, 0 are fed; ' +
      'sluice.yaml:6: outputs.score: there is no output y; it has y0',
  );
});

const mebibyte = new Uint8Array(2 ** 20);
const bad: readonly [what: string, files: Files, message: RegExp, options?: CheckOptions][] = [
  ['no graph', { 'sluice.yaml': manifest() }, /^there is no model\.onnx/],
  ['nothing', {}, /^there is no model\.onnx/],
  [
    'a graph cut short',
    { ...good, 'model.onnx': model.subarray(0, 20) },
    /^model\.onnx: this is not an ONNX model/,
  ],
  ['a model of another library', { ...good, 'model.pt': 'x' }, /^model\.pt: is no part of an ONNX model/],
  [
    'a record of a publication',
    { ...good, '.published.json': '{}' },
    /^\.published\.json: has a name that begins with a dot/,
  ],
  ['names alike', { ...good, 'a.md': '', 'A.md': '' }, /is the same name as/],
  [
    '1 beside 1.0.0',
    good,
    /^1\.0\.0 and 1, which is published already, are the same version; take a higher/,
    { existing: ['0.9.0', '1'] },
  ],
  [
    'a golden case of something else',
    { ...good, 'golden.jsonl': `${golden}${golden.replace('age', 'aeg')}` },
    /^golden\.jsonl:2: golden case 'one': .*age/,
  ],
  [
    'many files',
    { ...good, 'a.md': '' },
    /^the package has 4 files, at most 3 are taken$/,
    { limits: { maxFiles: 3 } },
  ],
  [
    'a large file',
    { ...good, 'a.bin': mebibyte },
    /^a\.bin: has more than 500000 bytes, the most it may have$/,
    { limits: { maxFileBytes: 500_000 } },
  ],
  [
    'large files',
    { ...good, 'a.bin': mebibyte, 'b.bin': mebibyte },
    /: the package has more than 2000000 bytes/,
    { limits: { maxTotalBytes: 2_000_000 } },
  ],
  [
    'a large config.pbtxt',
    { ...good, 'config.pbtxt': Buffer.alloc(2 ** 20 + 1) },
    /^config\.pbtxt: has more than 1048576 bytes/,
  ],
];
for (const [what, files, message, options] of bad)
  test(`a package is refused: ${what}`, async (t) => {
    assert.match((await refusal(t, files, options)).message, message);
  });

test('a folder whose name is no version is told so', async (t) => {
  const { store, put } = await temporaryStore(t);
  await put('m/1.0/model.onnx', model);
  await assert.rejects(checkPackage(store, 'm', '1.0'), {
    message: "expected a semantic version, got '1.0'",
  });
});
