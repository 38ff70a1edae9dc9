import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Datatype } from '@sluice/kernel/tensor/datatypes';
import { rawInput } from './raw-infer.ts';

const signature = (datatype: Datatype, shape: readonly number[], maxBatchSize: number, inputs = 1) => ({
  inputs: Array.from({ length: inputs }, (_, index) => ({ name: `x${index}`, datatype, shape })),
  outputs: [],
  maxBatchSize,
});

for (const [what, given, bytes, shape] of [
  ['one row of fixed dimensions', signature('FP32', [-1, 8, 8], 4), 256, [1, 8, 8]],
  ['one row whose length is open', signature('FP32', [-1, -1], 4), 12, [1, 3]],
  ['no batch axis, one open dimension', signature('INT64', [-1, 2], 0), 32, [2, 2]],
  ['a scalar', signature('UINT8', [], 0), 1, []],
] as const) {
  test(`the shape of a raw body is told: ${what}`, () => {
    const input = rawInput(given, Buffer.alloc(bytes));
    assert.ok('value' in input);
    assert.deepEqual(input.value.shape, shape);
    assert.equal(input.value.data.byteLength, bytes);
  });
}

test('a raw body of BYTES is one element, which gets its length in front', () => {
  const input = rawInput(signature('BYTES', [-1, 1], 4), Buffer.from('abc'));
  assert.ok('value' in input);
  assert.deepEqual(input.value.shape, [1, 1]);
  assert.deepEqual([...input.value.data], [3, 0, 0, 0, 97, 98, 99]);
});

for (const [what, given, bytes, message] of [
  ['two inputs', signature('FP32', [-1], 4, 2), 4, /one input, this one has 2/],
  ['two open dimensions', signature('FP32', [-1, -1, -1], 4), 4, /cannot be told/],
  ['half an element', signature('FP32', [-1], 0), 6, /does not fit/],
  ['too few elements', signature('FP32', [-1, 8, 8], 4), 252, /does not fit/],
  ['several elements of BYTES', signature('BYTES', [-1, 2], 4), 3, /does not fit/],
] as const) {
  test(`a raw body is refused: ${what}`, () => {
    const input = rawInput(given, Buffer.alloc(bytes));
    assert.ok('error' in input);
    assert.match(input.error, message);
  });
}
