import assert from 'node:assert/strict';
import { test } from 'node:test';
import { temporaryStore } from '../testing/temporary-store.ts';
import { compileGoldenEncoder } from './golden.ts';
import { type GoldenCase, readGolden } from './read-golden.ts';
import type { Release } from './release.ts';

test('a release without golden.jsonl has no cases', async (t) => {
  const { store } = await temporaryStore(t);
  assert.deepEqual(await readGolden(store, 'm/1'), []);
});

test('cases ask with features or with tensors, one a line', async (t) => {
  const { store, put } = await temporaryStore(t);
  const features = { name: 'a', features: { x: null, y: [1, 2] }, outputs: { p: 0.5 } };
  const tensor = { name: 'x', datatype: 'INT8', shape: [1], data: [1] };
  const tensors = { name: 'b', inputs: [tensor], outputs: [], tolerance: 0.1 };
  await put('m/1/golden.jsonl', `${JSON.stringify(features)}\n${JSON.stringify(tensors)}`);
  const [first, second] = await readGolden(store, 'm/1');
  assert.ok(first !== undefined && 'features' in first);
  assert.deepEqual(first.features, features.features);
  assert.deepEqual(second, tensors);
});

const bad: readonly [what: string, line: string][] = [
  ['no JSON', '{"name": "a"'],
  ['no name', '{"features": {}, "outputs": {}}'],
  ['neither features nor inputs', '{"name": "a", "outputs": {}}'],
  ['an unknown key', '{"name": "a", "features": {}, "outputs": {}, "note": 1}'],
  ['a negative tolerance', '{"name": "a", "features": {}, "outputs": {}, "tolerance": -1}'],
  [
    'an unknown datatype',
    '{"name": "a", "inputs": [{"name": "x", "datatype": "FLOAT", "shape": [1], "data": [1]}], "outputs": []}',
  ],
  [
    'an open dimension',
    '{"name": "a", "inputs": [{"name": "x", "datatype": "FP32", "shape": [-1], "data": [1]}], "outputs": []}',
  ],
];

for (const [what, line] of bad) {
  test(`a line that cannot be read is named: ${what}`, async (t) => {
    const { store, put } = await temporaryStore(t);
    await put('m/1/golden.jsonl', `{"name": "good", "features": {}, "outputs": {}}\n${line}\n`);
    await assert.rejects(readGolden(store, 'm/1'), { message: /^golden\.jsonl:2: / });
  });
}

const release: Release = {
  model: 'm',
  version: '1',
  digest: '',
  manifest: undefined,
  signature: { inputs: [{ name: 'x', datatype: 'INT8', shape: [-1] }], outputs: [], maxBatchSize: 8 },
  batching: { maxSize: 8, preferredSizes: [], maxDelayMs: 0 },
};
const tensor = { name: 'x', datatype: 'INT8', shape: [1], data: [1] } as const;
const misfits: readonly [what: string, input: object, message: RegExp][] = [
  ['a value out of range', { inputs: [{ ...tensor, data: [300] }] }, /golden case 'c': .*x: element 0/],
  ['too few elements', { inputs: [{ ...tensor, shape: [2] }] }, /golden case 'c': .*inputs\.x\.data/],
  ['an unknown input', { inputs: [tensor, { ...tensor, name: 'z' }] }, /golden case 'c': .*inputs\.z/],
  ['an unknown feature', { features: { z: 1 } }, /golden case 'c': .*features\.z/],
  ['a list too long for its tensor', { features: { x: [1, 2] } }, /golden case 'c': .*features\.x/],
];

for (const [what, input, message] of misfits) {
  test(`a case that does not fit its release is named: ${what}`, () => {
    const golden = { name: 'c', outputs: {}, tolerance: 0, ...input } as GoldenCase;
    assert.throws(() => compileGoldenEncoder(release)(golden), { message });
  });
}
