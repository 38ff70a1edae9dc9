import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadProtos } from '@sluice/protos/load';
import { bytesOfStrings } from '../tensor/bytes-elements.ts';
import { type Datatype, datatypes, isDatatype } from '../tensor/datatypes.ts';
import { unpackValues } from '../tensor/json-values.ts';
import { decodeResponse } from './decode-response.ts';
import { encodeResponse } from './encode-response.ts';

const codec = loadProtos().inference.ModelInferResponse;
type Message = Parameters<typeof codec.serialize>[0];
const decoded = (message: Message) => decodeResponse(codec.deserialize(codec.serialize(message)));

test('raw answers come out as they were', () => {
  const outputs = [
    { name: 'label', datatype: 'BYTES', shape: [1], data: Buffer.from(bytesOfStrings(['yes'])) },
    { name: 'half', datatype: 'FP16', shape: [2], data: Buffer.alloc(4, 1) },
    { name: 'none', datatype: 'INT64', shape: [0], data: Buffer.alloc(0) },
  ] as const;
  const message = encodeResponse({ model: 'm', version: '1', id: '', outputs, parameters: {} });
  assert.deepEqual(decoded(message), { value: outputs });
});

/** Two values of each datatype, as the message has them; others have 3 and 0. */
const values: Partial<Record<Datatype, readonly (number | boolean | string)[]>> = {
  BOOL: [true, false],
  UINT64: ['18446744073709551615', '0'],
  INT64: ['-9223372036854775808', '1'],
  FP32: [0.5, -2],
  FP64: [0.1, -2],
};

for (const datatype of Object.keys(datatypes).filter(isDatatype)) {
  const { contents } = datatypes[datatype];
  if (contents === undefined || datatype === 'BYTES') continue;
  test(`typed ${datatype} answers come out as raw ones`, () => {
    const sent = values[datatype] ?? [3, 0];
    const output = { name: 'y', datatype, shape: [2], contents: { [contents]: sent } };
    const plain = sent.map((value) => (typeof value === 'string' ? BigInt(value) : value));
    const answer = decoded({ outputs: [output] });
    assert.ok('value' in answer);
    const [tensor] = answer.value;
    assert.deepEqual([tensor?.datatype, tensor?.shape], [datatype, [2]]);
    assert.deepEqual(unpackValues(datatype, tensor?.data ?? new Uint8Array()), { value: plain });
  });
}

test('typed strings come out as raw ones, and a tensor without elements needs no contents', () => {
  const contents = { bytesContents: [Buffer.from('yes'), Buffer.from('')] };
  const outputs = [
    { name: 'y', datatype: 'BYTES', shape: [2], contents },
    { name: 'none', datatype: 'FP32', shape: [0, 4] },
  ];
  const answer = decoded({ outputs });
  assert.ok('value' in answer);
  assert.deepEqual(
    answer.value.map(({ data }) => data),
    [bytesOfStrings(['yes', '']), new Uint8Array()],
  );
});
