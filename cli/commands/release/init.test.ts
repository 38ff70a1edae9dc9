import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { onnxModel } from '@sluice/kernel/testing/onnx-model';
import { runSluice } from '../../testing/run-sluice.ts';
import { sumModel, temporaryFolder } from '../../testing/temporary-package.ts';

const init = (...args: string[]) => runSluice(['release', 'init', ...args]);

test('init makes a package that is valid as it is', async (t) => {
  const folder = temporaryFolder(t);
  const [file, out] = [join(folder, 'Car price.onnx'), join(folder, 'out')];
  writeFileSync(file, sumModel());
  const { exitCode, stdout } = await init(file, '--out', out);
  assert.equal(exitCode, 0);
  const made = { model: 'Car-price', version: '1.0.0', folder: out, files: ['model.onnx', 'sluice.yaml'] };
  assert.deepEqual(JSON.parse(stdout), made);
  assert.equal((await runSluice(['release', 'validate', out])).exitCode, 0);
});

test('init takes model and version, and says what comes next', async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'm.onnx'), sumModel());
  const out = join(folder, 'out');
  const args = [join(folder, 'm.onnx'), '--model', 'sum', '--version', '2.1.0', '--out', out];
  const { stdout } = await init(...args, '--output', 'table');
  assert.match(stdout, /^ {2}sluice release test .*out$/m);
  assert.match(readFileSync(join(out, 'sluice.yaml'), 'utf8'), /^model: sum\nversion: 2\.1\.0$/m);
});

test('a model.onnx is called as its folder, and gets its manifest there', async (t) => {
  const folder = join(temporaryFolder(t), 'churn');
  mkdirSync(folder);
  writeFileSync(join(folder, 'model.onnx'), sumModel());
  const { stdout } = await init(join(folder, 'model.onnx'), '--out', folder);
  assert.deepEqual(JSON.parse(stdout), { model: 'churn', version: '1.0.0', folder, files: ['sluice.yaml'] });
});

test('weights in files beside the graph come along', async (t) => {
  const folder = temporaryFolder(t);
  const graph = onnxModel({
    inputs: [{ name: 'x', datatype: 'FP32', shape: ['N', 1] }],
    outputs: [{ name: 'y', datatype: 'FP32', shape: ['N', 1] }],
    nodes: [{ op: 'Add', inputs: ['x', 'w'], outputs: ['y'] }],
    constants: [{ name: 'w', datatype: 'FP32', shape: [1], data: new Uint8Array(), location: 'weights.bin' }],
  });
  writeFileSync(join(folder, 'm.onnx'), graph);
  const out = join(folder, 'out');
  const lost = await init(join(folder, 'm.onnx'), '--out', out, '--output', 'table');
  assert.match(lost.stderr, /cannot read .*weights\.bin \(ENOENT\)/);
  writeFileSync(join(folder, 'weights.bin'), new Uint8Array(4));
  assert.equal((await init(join(folder, 'm.onnx'), '--out', out)).exitCode, 0);
  assert.deepEqual(readdirSync(out).sort(), ['model.onnx', 'sluice.yaml', 'weights.bin']);
});

test('nothing is written over', async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'm.onnx'), sumModel());
  const out = join(folder, 'out');
  mkdirSync(out);
  writeFileSync(join(out, 'sluice.yaml'), 'mine');
  const { exitCode, stderr } = await init(join(folder, 'm.onnx'), '--out', out, '--output', 'table');
  assert.equal(exitCode, 1);
  assert.match(stderr, /out holds sluice\.yaml already \(ALREADY_EXISTS\)/);
  assert.deepEqual(readdirSync(out), ['sluice.yaml']);
});

test('what is no graph is told as such', async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'm.onnx'), 'no graph');
  const { exitCode, stderr } = await init(join(folder, 'm.onnx'), '--output', 'table');
  assert.equal(exitCode, 1);
  assert.match(stderr, /is not an ONNX model.* \(PACKAGE_INVALID\)/);
});

for (const [what, args, message] of [
  ['a file that is missing', ['/no/such.onnx'], /cannot read \/no\/such\.onnx \(ENOENT\)/],
  ['a name with a slash', ['x.onnx', '--model', 'a/b'], /expected letters, digits/],
  ['a version that is none', ['x.onnx', '--version', 'new'], /expected a semantic version, got 'new'/],
] as const)
  test(`init refuses ${what}`, async () => {
    const outcome = await init(...args, '--output', 'table');
    assert.equal(outcome.exitCode, 64);
    assert.match(outcome.stderr, message);
  });
