import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TensorSpec } from '../tensor/tensor.ts';
import { parseManifest } from './manifest.ts';
import type { GraphSignature } from './onnx-signature.ts';
import { batchingOf, tensorSignature } from './tensor-signature.ts';
import { parseTritonConfig } from './triton-config.ts';

const x: TensorSpec = { name: 'x', datatype: 'FP32', shape: [-1, 3] };
const y: TensorSpec = { name: 'y', datatype: 'FP32', shape: [-1, -1] };
const graph = { inputs: [x], outputs: [y] };
const fixed = { inputs: [{ ...x, shape: [1, 3] }], outputs: [y] };

const manifest = (maxSize: number) =>
  parseManifest(`{apiVersion: sluice/v1, model: m, version: "1", batching: {maxSize: ${maxSize}}}`);
const none = { manifest: undefined, triton: undefined };

test('a graph whose tensors all have an open axis in front has a batch axis', () => {
  assert.deepEqual(tensorSignature(graph, none), { ...graph, maxBatchSize: 1024 });
  assert.equal(tensorSignature(fixed, none).maxBatchSize, 0);
});

test('the manifest limits the batch, where there is one', () => {
  assert.equal(tensorSignature(graph, { ...none, manifest: manifest(16) }).maxBatchSize, 16);
  assert.equal(tensorSignature(fixed, { ...none, manifest: manifest(16) }).maxBatchSize, 0);
});

test('config.pbtxt narrows open dimensions and takes the batch axis away with max_batch_size 0', () => {
  const narrowing = `max_batch_size: 8 output { name: "y" data_type: TYPE_FP32 dims: 2 }`;
  const narrowed = tensorSignature(graph, { ...none, triton: parseTritonConfig(narrowing) });
  assert.deepEqual(narrowed, { inputs: [x], outputs: [{ ...y, shape: [-1, 2] }], maxBatchSize: 8 });
  const whole = `output { name: "y" data_type: TYPE_FP32 dims: [ 4, 2 ] }`;
  const unbatched = tensorSignature(graph, { ...none, triton: parseTritonConfig(whole) });
  assert.deepEqual(unbatched, { inputs: [x], outputs: [{ ...y, shape: [4, 2] }], maxBatchSize: 0 });
});

const contradictions: readonly [what: string, graph: GraphSignature, text: string, message: RegExp][] = [
  [
    'a batch without an axis',
    fixed,
    'max_batch_size: 8',
    /max_batch_size is 8, but not every tensor of the graph has a batch axis/,
  ],
  [
    'a tensor that the graph does not have',
    graph,
    'input { name: "z" data_type: TYPE_FP32 dims: 3 }',
    /the graph has no tensor z/,
  ],
  [
    'another datatype',
    graph,
    'input { name: "x" data_type: TYPE_FP64 dims: [ -1, 3 ] }',
    /x is declared FP64 \[-1,3\], the graph has FP32 \[-1,3\]/,
  ],
  [
    'another size',
    graph,
    'max_batch_size: 8 input { name: "x" data_type: TYPE_FP32 dims: 4 }',
    /x is declared FP32 \[-1,4\], the graph has FP32 \[-1,3\]/,
  ],
  [
    'another rank, since the batch axis is written out',
    graph,
    'max_batch_size: 8 input { name: "x" data_type: TYPE_FP32 dims: [ -1, 3 ] }',
    /x is declared FP32 \[-1,-1,3\]/,
  ],
];

for (const [what, given, text, message] of contradictions) {
  test(`a config.pbtxt that contradicts its graph is refused: ${what}`, () => {
    assert.throws(() => tensorSignature(given, { ...none, triton: parseTritonConfig(text) }), message);
  });
}

const batched = tensorSignature(graph, none);
const declared = (batching: string, triton = '') => ({
  manifest: parseManifest(`{apiVersion: sluice/v1, model: m, version: "1", batching: ${batching}}`),
  triton: triton === '' ? undefined : parseTritonConfig(triton),
});
const dynamic = `max_batch_size: 128
  dynamic_batching { preferred_batch_size: [ 32, 8, 32 ] max_queue_delay_microseconds: 1500 }`;

test('what is gathered into one batch is what the release says, else 64, and never more than a batch may have', () => {
  const sizeOf = (manifest: string | undefined, maxBatchSize: number) =>
    batchingOf(manifest === undefined ? none : declared(manifest), { ...batched, maxBatchSize }).maxSize;
  assert.equal(sizeOf(undefined, 1024), 64);
  assert.equal(sizeOf(undefined, 8), 8);
  assert.equal(sizeOf('{maxSize: 16}', 16), 16);
  assert.equal(sizeOf('{maxSize: 16}', 8), 8);
  assert.equal(sizeOf('{maxSize: 16, preferredSizes: [4], maxDelayMs: 1}', 0), 1);
});

test('batching is as the manifest says, what it leaves open as config.pbtxt says, else without delay', () => {
  const signature = { ...batched, maxBatchSize: 128 };
  const fromTriton = { manifest: undefined, triton: parseTritonConfig(dynamic) };
  assert.deepEqual(batchingOf(none, signature), { maxSize: 64, preferredSizes: [], maxDelayMs: 0 });
  assert.deepEqual(batchingOf(fromTriton, signature), {
    maxSize: 128,
    preferredSizes: [8, 32],
    maxDelayMs: 1.5,
  });
  assert.deepEqual(batchingOf(declared('{maxDelayMs: 0}', dynamic), signature), {
    maxSize: 128,
    preferredSizes: [8, 32],
    maxDelayMs: 0,
  });
  assert.deepEqual(batchingOf(declared('{maxSize: 16, preferredSizes: []}', dynamic), signature), {
    maxSize: 16,
    preferredSizes: [],
    maxDelayMs: 1.5,
  });
});

test('a preferred size that no batch can have is refused', () => {
  const wrong = [declared('{maxSize: 16, preferredSizes: [8, 32]}'), declared('{maxSize: 16}', dynamic)];
  for (const each of wrong)
    assert.throws(() => batchingOf(each, batched), { message: /batch size 32 is not within 1 and 16/ });
});
