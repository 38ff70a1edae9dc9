import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOfStrings } from '@sluice/kernel/tensor/bytes-elements';
import { tensorValues } from './tensor-values.ts';

const bytes = (array: ArrayBufferView): string =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('base64');

const cases: [datatype: string, raw: string, values: unknown][] = [
  ['FP32', bytes(new Float32Array([0.5, Number.NaN, Number.POSITIVE_INFINITY])), [0.5, null, null]],
  ['FP64', bytes(new Float64Array([0.1])), [0.1]],
  ['INT64', bytes(new BigInt64Array([-7n])), [-7]],
  ['UINT8', bytes(new Uint8Array([255])), [255]],
  ['BOOL', bytes(new Uint8Array([1, 0])), [true, false]],
  ['BYTES', bytes(bytesOfStrings(['a', 'ä'])), ['a', 'ä']],
  [
    'FP16',
    bytes(new Uint16Array([0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00, 0x7e00])),
    [1, -2, 2 ** -24, 65_504, null, null],
  ],
  ['BF16', bytes(new Uint16Array([0x3f80, 0xc040, 0x7fc0])), [1, -3, null]],
  ['COMPLEX', '', undefined],
  ['BYTES', bytes(new Uint8Array([9, 0, 0, 0])), undefined],
];
for (const [datatype, raw, values] of cases)
  test(`${datatype} ${raw} is ${JSON.stringify(values) ?? 'unreadable'}`, () =>
    assert.deepEqual(tensorValues({ name: 'x', datatype, shape: [], raw }), values));
