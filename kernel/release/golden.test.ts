import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { fileStore } from '../store/file-store.ts';
import { bytesOf } from '../tensor/numbers.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { identityModel } from '../testing/onnx-model.ts';
import { temporaryStore } from '../testing/temporary-store.ts';
import { checkGolden, compileGoldenEncoder } from './golden.ts';
import { listModels, listVersions } from './list-releases.ts';
import { type GoldenCase, readGolden } from './read-golden.ts';
import { readRelease } from './read-release.ts';

const examples = fileStore(`file:${resolve(import.meta.dirname, '../../models/store')}`);

test('the golden cases of every example release encode to tensors that its signature accepts', async () => {
  for (const model of await listModels(examples)) {
    for (const version of await listVersions(examples, model)) {
      const release = await readRelease(examples, model, version);
      const cases = await readGolden(examples, `${model}/${version}`);
      assert.ok(cases.length > 0, model);
      const encode = compileGoldenEncoder(release);
      for (const golden of cases) assert.equal(encode(golden).length, release.signature.inputs.length);
    }
  }
});

const price = await readRelease(examples, 'house-price', '1.0.0');
const f32 = (name: string, value: number): Tensor => ({
  name,
  datatype: 'FP32',
  shape: [1, 1],
  data: bytesOf(Float32Array.of(value)),
});
const outputs = (y: number): Tensor[] => [f32('y', y), f32('q05', 90_000), f32('q95', 110_000)];
const priceCase = (more: object): GoldenCase => ({
  name: 'a house',
  features: {},
  outputs: { price: 100_000 },
  tolerance: undefined,
  ...more,
});

test('a tolerance that is given is absolute, in the unit of the output', () => {
  checkGolden(price, priceCase({ tolerance: 0.5 }), outputs(100_000.4));
  assert.throws(() => checkGolden(price, priceCase({ tolerance: 0.5 }), outputs(100_001)), {
    message: "golden case 'a house': price: expected 100000, got 100001",
  });
});

test('without one, large numbers may differ in the sixth digit', () => {
  checkGolden(price, priceCase({}), outputs(100_000.9));
  assert.throws(() => checkGolden(price, priceCase({}), outputs(100_002)), /expected 100000, got 100002/);
});

test('of an interval only what the case names is held against what came', () => {
  checkGolden(price, priceCase({ outputs: { interval: { lower: 90_000 } } }), outputs(0));
  const wrong = priceCase({ outputs: { interval: { lower: 90_000, upper: 1 } } });
  assert.throws(() => checkGolden(price, wrong, outputs(0)), /interval: expected/);
});

test('an output that does not come is a difference', () => {
  assert.throws(
    () => checkGolden(price, priceCase({ outputs: { nothing: 1 } }), outputs(1)),
    /expected 1, got undefined/,
  );
});

const expected = { name: 'y0', datatype: 'FP32', shape: [1, 2], data: [1, 2] };
const came: Tensor = { name: 'y0', datatype: 'FP32', shape: [1, 2], data: bytesOf(Float32Array.of(1, 2)) };
const differing: readonly [what: string, golden: object][] = [
  ['fewer elements', { data: [1] }],
  ['more elements', { data: [1, 2, 3] }],
  ['none at all', { data: [], shape: [0] }],
  ['another value', { data: [1, 3] }],
  ['another shape', { shape: [2, 1] }],
  ['another datatype', { datatype: 'FP64' }],
  ['another name', { name: 'y1' }],
];

for (const [what, golden] of differing) {
  test(`an output tensor differs from its golden one: ${what}`, async (t) => {
    const { store, put } = await temporaryStore(t);
    await put('m/1/model.onnx', identityModel([{ datatype: 'FP32', shape: ['N', 2] }]));
    const line = { name: 'c', inputs: [], outputs: [expected] };
    const changed = { ...line, name: 'd', outputs: [{ ...expected, ...golden }] };
    await put('m/1/golden.jsonl', `${JSON.stringify(line)}\n\n${JSON.stringify(changed)}\n`);
    const release = await readRelease(store, 'm', '1');
    const [same, other] = await readGolden(store, 'm/1');
    assert.ok(same !== undefined && other !== undefined);
    checkGolden(release, same, [came]);
    assert.throws(() => checkGolden(release, other, [came]), /golden case 'd': y[01]: expected /);
  });
}
