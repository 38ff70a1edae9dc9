import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOfStrings, joinBytes } from './bytes-elements.ts';
import { checkTensor } from './check-tensor.ts';
import type { Datatype } from './datatypes.ts';
import type { Tensor } from './tensor.ts';

const tensor = (datatype: Datatype, shape: readonly number[], data: number | Uint8Array): Tensor => ({
  name: 'x',
  datatype,
  shape,
  data: typeof data === 'number' ? new Uint8Array(data) : data,
});

type Row = readonly [what: string, tensor: Tensor, declared: readonly number[]];

const good: readonly Row[] = [
  ['as many bytes as the shape needs', tensor('FP32', [2, 3], 24), [-1, 3]],
  ['a scalar', tensor('INT64', [], 8), []],
  ['no rows at all', tensor('FP32', [0, 3], 0), [-1, 3]],
  ['a dimension of nothing in the middle', tensor('FP64', [2, 0, 4], 0), [2, -1, 4]],
  ['half floats', tensor('FP16', [3], 6), [-1]],
  ['strings', tensor('BYTES', [1, 2], bytesOfStrings(['a', ''])), [1, 2]],
  ['no strings', tensor('BYTES', [0], 0), [-1]],
  ['a string scalar', tensor('BYTES', [], bytesOfStrings(['a'])), []],
];

for (const [what, given, shape] of good) {
  test(`a tensor fits: ${what}`, () => {
    assert.deepEqual(checkTensor(given, { name: 'x', datatype: given.datatype, shape }), []);
  });
}

const bad: readonly [...Row, path: string, message: string][] = [
  ['another datatype', tensor('INT32', [1], 4), [1], 'inputs.x.datatype', 'expected FP32, got INT32'],
  ['a rank too low', tensor('FP32', [3], 12), [-1, 3], 'inputs.x.shape', 'expected [-1,3], got [3]'],
  [
    'a rank too high',
    tensor('FP32', [1, 1, 3], 12),
    [-1, 3],
    'inputs.x.shape',
    'expected [-1,3], got [1,1,3]',
  ],
  ['a scalar for a list', tensor('FP32', [], 4), [-1], 'inputs.x.shape', 'expected [-1], got []'],
  ['another size', tensor('FP32', [1, 4], 16), [-1, 3], 'inputs.x.shape', 'expected [-1,3], got [1,4]'],
  [
    'a byte too few',
    tensor('FP32', [1, 3], 11),
    [-1, 3],
    'inputs.x.data',
    'FP32 of shape [1,3] needs 12 bytes, 11 came',
  ],
  [
    'an element too many',
    tensor('FP32', [1, 3], 16),
    [-1, 3],
    'inputs.x.data',
    'FP32 of shape [1,3] needs 12 bytes, 16 came',
  ],
  [
    'data where there should be none',
    tensor('FP32', [0, 3], 4),
    [-1, 3],
    'inputs.x.data',
    'FP32 of shape [0,3] needs 0 bytes, 4 came',
  ],
];

for (const [what, given, shape, path, message] of bad) {
  test(`a tensor does not fit: ${what}`, () => {
    const [fault, ...more] = checkTensor(given, { name: 'x', datatype: 'FP32', shape });
    assert.deepEqual([fault?.path, fault?.message, more], [path, message, []]);
  });
}

const badBytes: readonly [what: string, data: Uint8Array, path: string, message: string][] = [
  [
    'a truncated length',
    Uint8Array.of(1, 0),
    'inputs.x.data',
    'BYTES data is truncated: element 0 has no whole length',
  ],
  ['too few elements', bytesOfStrings(['a']), 'inputs.x.data', 'shape [2] needs 2 elements, 1 came'],
  [
    'a NUL byte',
    bytesOfStrings(['a', 'b\0']),
    'inputs.x.data[1]',
    'BYTES element 1 holds a NUL byte, which ONNX Runtime strings cannot carry',
  ],
  [
    'bytes that are no UTF-8',
    joinBytes([Uint8Array.of(0xff), Uint8Array.of(65)]),
    'inputs.x.data[0]',
    'BYTES element 0 is not UTF-8',
  ],
];

for (const [what, data, path, message] of badBytes) {
  test(`a BYTES tensor does not fit: ${what}`, () => {
    const [fault] = checkTensor(tensor('BYTES', [2], data), { name: 'x', datatype: 'BYTES', shape: [-1] });
    assert.deepEqual([fault?.path, fault?.message], [path, message]);
  });
}
