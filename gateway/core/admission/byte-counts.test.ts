import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ByteCounts } from './byte-counts.ts';
import { inputBytes } from './input-bytes.ts';

test('each connection has its bound, and all have one together', () => {
  const counts = new ByteCounts({ max: 100, maxPerConnection: 60 });
  counts.add('a', 50);
  assert.equal(counts.passed('a', 10), undefined);
  assert.equal(counts.passed('a', 11), 'connection_bytes');
  assert.equal(counts.passed('b', 50), undefined);
  counts.add('b', 50);
  assert.equal(counts.passed('c', 1), 'bytes');
  counts.remove('a', 50);
  assert.equal(counts.passed('c', 1), undefined);
  assert.equal(counts.total, 50);
});

test('what comes alone passes no bound, however large it is', () => {
  const counts = new ByteCounts({ max: 10, maxPerConnection: 5 });
  assert.equal(counts.passed('a', 1_000), undefined);
  counts.add('a', 7);
  assert.equal(counts.passed('b', 3), undefined);
  assert.equal(counts.passed('b', 4), 'bytes');
});

test('tensors count with their bytes, features about with what they take', () => {
  const tensor = { name: 'x', datatype: 'FP32', shape: [3], data: new Uint8Array(12) } as const;
  assert.equal(inputBytes({ kind: 'tensors', tensors: [tensor, tensor], outputs: [] }), 24);
  const features = { age: 40, name: 'x'.repeat(100), on: null, list: [1, 2, 3], nested: { a: true } };
  assert.equal(inputBytes({ kind: 'features', features }), 8 + 108 + 8 + 32 + 16);
  assert.equal(inputBytes({ kind: 'features', features: {} }), 0);
});
