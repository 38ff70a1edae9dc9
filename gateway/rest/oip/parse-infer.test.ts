import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOf } from '@sluice/kernel/tensor/numbers';
import { parseInfer } from './parse-infer.ts';

type Json = Readonly<Record<string, unknown>>;

const input = (more: Json = {}): Json => ({ name: 'x', datatype: 'FP32', shape: [2], ...more });
const parse = (json: unknown) => parseInfer(Buffer.from(JSON.stringify(json)), '');
const parseBinary = (json: unknown, binary: Uint8Array, length?: string) => {
  const header = Buffer.from(JSON.stringify(json));
  return parseInfer(Buffer.concat([header, binary]), length ?? String(header.length));
};
const floats = (...values: number[]): Uint8Array => bytesOf(Float32Array.from(values));

const readOf = (result: ReturnType<typeof parseInfer>) => {
  assert.ok('value' in result, 'error' in result ? result.error.message : '');
  return result.value;
};
test('a request in JSON is read, flat or nested, with its parameters', () => {
  for (const data of [
    [1, 2, 3, 4],
    [
      [1, 2],
      [3, 4],
    ],
  ]) {
    const { request, wanted } = readOf(
      parse({
        id: 'a',
        parameters: { priority: 2, entity_id: 'e' },
        inputs: [input({ shape: [2, 2], data })],
      }),
    );
    assert.deepEqual(request, {
      id: 'a',
      inputs: [{ name: 'x', datatype: 'FP32', shape: [2, 2], data: floats(1, 2, 3, 4) }],
      outputs: [],
      parameters: {
        priority: 2,
        timeoutUs: undefined,
        entityId: 'e',
        sent: { priority: 2, entity_id: 'e' },
      },
    });
    assert.equal(wanted.binary('y'), false);
  }
});

test('binary parts follow the JSON in the order of the inputs, and mix with inputs in JSON', () => {
  const inputs = [
    input({ parameters: { binary_data_size: 8 } }),
    input({ name: 'y', shape: [1], data: [7] }),
    input({ name: 'z', datatype: 'UINT8', parameters: { binary_data_size: 2 } }),
  ];
  const { request } = readOf(parseBinary({ inputs }, Buffer.concat([floats(1, 2), Buffer.of(3, 4)])));
  assert.deepEqual(
    request.inputs.map(({ data }) => [...data]),
    [[...floats(1, 2)], [...floats(7)], [3, 4]],
  );
});

test('binary_data of an output wins over binary_data_output of the request', () => {
  const outputs = [{ name: 'a', parameters: { binary_data: false } }, { name: 'b' }];
  const { request, wanted } = readOf(
    parse({ parameters: { binary_data_output: true }, inputs: [], outputs }),
  );
  assert.deepEqual(request.outputs, ['a', 'b']);
  assert.deepEqual(['a', 'b', 'c'].map(wanted.binary), [false, true, true]);
});
