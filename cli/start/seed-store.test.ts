import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { seedStore } from './seed-store.ts';

const setUp = (context: TestContext) => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-seed-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const put = (path: string, text: string): void => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  return { from: join(folder, 'examples'), to: join(folder, 'home/store'), put };
};

test('releases that are missing are copied, whole', async (t) => {
  const { from, to, put } = setUp(t);
  put('examples/churn/1.0.0/model.onnx', 'one');
  put('examples/churn/1.0.0/deep/data.bin', 'data');
  put('examples/digits/1/model.onnx', 'two');
  assert.deepEqual(await seedStore(from, to), ['churn/1.0.0', 'digits/1']);
  assert.equal(readFileSync(join(to, 'churn/1.0.0/deep/data.bin'), 'utf8'), 'data');
  assert.deepEqual(readdirSync(join(to, 'churn')), ['1.0.0']);
});

test('a release that is there is never touched', async (t) => {
  const { from, to, put } = setUp(t);
  put('examples/churn/1.0.0/model.onnx', 'new');
  put('examples/churn/1.1.0/model.onnx', 'new');
  put('home/store/churn/1.0.0/model.onnx', 'mine');
  assert.deepEqual(await seedStore(from, to), ['churn/1.1.0']);
  assert.equal(readFileSync(join(to, 'churn/1.0.0/model.onnx'), 'utf8'), 'mine');
});

test('two that seed at once both succeed, and nothing unfinished stays', async (t) => {
  const { from, to, put } = setUp(t);
  put('examples/churn/1.0.0/model.onnx', 'one');
  await Promise.all([seedStore(from, to), seedStore(from, to)]);
  assert.deepEqual(readdirSync(join(to, 'churn')), ['1.0.0']);
});

test('revisions come with the releases, and are never touched where there are some', async (t) => {
  const { from, to, put } = setUp(t);
  put('examples/churn/1.0.0/model.onnx', 'one');
  put('examples/_revisions/000001.yaml', 'theirs');
  assert.deepEqual(await seedStore(from, to), ['churn/1.0.0', '_revisions']);
  assert.equal(readFileSync(join(to, '_revisions/000001.yaml'), 'utf8'), 'theirs');
  put('home/store/_revisions/000001.yaml', 'mine');
  put('examples/_revisions/000002.yaml', 'theirs');
  assert.deepEqual(await seedStore(from, to), []);
  assert.equal(readFileSync(join(to, '_revisions/000001.yaml'), 'utf8'), 'mine');
  assert.deepEqual(readdirSync(join(to, '_revisions')), ['000001.yaml']);
});

test('where revisions rule already, a model that is there gets no version that could become its default', async (t) => {
  const { from, to, put } = setUp(t);
  put('home/store/churn/1.1.0/model.onnx', 'mine');
  put('home/store/_revisions/000001.yaml', 'mine');
  put('examples/churn/2.0.0/model.onnx', 'breaks callers');
  put('examples/car-price/1.0.0/model.onnx', 'new');
  assert.deepEqual(await seedStore(from, to), ['car-price/1.0.0']);
});

test('no examples, nothing to do', async (t) => {
  const { from, to } = setUp(t);
  assert.deepEqual(await seedStore(from, to), []);
  assert.equal(existsSync(to), false);
});
