import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOfStrings } from '@sluice/kernel/tensor/bytes-elements';
import type { Datatype } from '@sluice/kernel/tensor/datatypes';
import { bytesOf, type NumericArray } from '@sluice/kernel/tensor/numbers';
import { encodeInfer } from './encode-infer.ts';

const tensor = (name: string, datatype: Datatype, array: NumericArray) => ({
  name,
  datatype,
  shape: [array.length],
  data: bytesOf(array),
});
const response = (...outputs: ReturnType<typeof tensor>[]) => ({
  model: 'm',
  version: '1',
  id: 'r',
  outputs,
  parameters: { sluice_prediction_id: 'p' },
});
const never = (): boolean => false;

test('an answer in JSON has the names of Triton, and the prediction id in a header', () => {
  const { status, headers, body } = encodeInfer(response(tensor('y', 'FP32', Float32Array.of(0.5))), never);
  assert.equal(status, 200);
  assert.deepEqual(headers, { 'content-type': 'application/json', 'sluice-prediction-id': 'p' });
  assert.deepEqual(JSON.parse(String(body)), {
    id: 'r',
    model_name: 'm',
    model_version: '1',
    parameters: { sluice_prediction_id: 'p' },
    outputs: [{ name: 'y', datatype: 'FP32', shape: [1], data: [0.5] }],
  });
});

test('64-bit integers are written digit by digit', () => {
  const { body } = encodeInfer(
    response(
      tensor('y', 'INT64', BigInt64Array.of(9007199254740993n, -5n)),
      tensor('z', 'UINT64', BigUint64Array.of(18446744073709551615n)),
    ),
    never,
  );
  assert.match(String(body), /"data":\[9007199254740993,-5\]/);
  assert.match(String(body), /"data":\[18446744073709551615\]/);
});

test('what is not finite has the name that proto3 JSON gives it', () => {
  const { body } = encodeInfer(response(tensor('y', 'FP64', Float64Array.of(Number.NaN, -1 / 0))), never);
  assert.match(String(body), /"data":\["NaN","-Infinity"\]/);
});

test('binary parts follow the JSON in order, beside outputs that stay JSON', () => {
  const strings = { name: 's', datatype: 'BYTES' as const, shape: [1], data: bytesOfStrings(['ab']) };
  const outputs = [tensor('y', 'UINT8', Uint8Array.of(7, 8)), tensor('z', 'INT8', Int8Array.of(-1)), strings];
  const { headers, body } = encodeInfer(response(...outputs), (name) => name !== 'z');
  assert.equal(headers['content-type'], 'application/octet-stream');
  const length = Number(headers['inference-header-content-length']);
  const json = JSON.parse(Buffer.from(body as Uint8Array).toString('utf8', 0, length)) as {
    outputs: unknown;
  };
  assert.deepEqual(json.outputs, [
    { name: 'y', datatype: 'UINT8', shape: [2], parameters: { binary_data_size: 2 } },
    { name: 'z', datatype: 'INT8', shape: [1], data: [-1] },
    { name: 's', datatype: 'BYTES', shape: [1], parameters: { binary_data_size: 6 } },
  ]);
  assert.deepEqual([...(body as Uint8Array).subarray(length)], [7, 8, 2, 0, 0, 0, 97, 98]);
});

test('FP16 has no JSON form', () => {
  const output = tensor('y', 'FP16', Uint16Array.of(0x3c00));
  assert.throws(() => encodeInfer(response(output), never), {
    code: 'INVALID_INPUT',
    message: /outputs\.y: .*binary/,
  });
  assert.equal(encodeInfer(response(output), () => true).status, 200);
});
