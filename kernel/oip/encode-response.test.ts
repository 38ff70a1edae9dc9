import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadProtos } from '@sluice/protos/load';
import { bytesOfStrings } from '../tensor/bytes-elements.ts';
import { encodeResponse } from './encode-response.ts';

const codec = loadProtos().inference.ModelInferResponse;

test('an answer carries every output raw, in order, with id, release and parameters', () => {
  const message = codec.deserialize(
    codec.serialize(
      encodeResponse({
        model: 'm',
        version: '1.2.0',
        id: 'r-1',
        outputs: [
          { name: 'label', datatype: 'BYTES', shape: [1], data: bytesOfStrings(['yes']) },
          { name: 'p', datatype: 'FP32', shape: [1, 2], data: new Uint8Array(8).fill(1) },
          { name: 'none', datatype: 'INT64', shape: [0], data: new Uint8Array() },
        ],
        parameters: { sluice_prediction_id: 'p-1' },
      }),
    ),
  );
  assert.deepEqual(
    message.outputs.map(({ name, datatype, shape, contents }) => [name, datatype, shape, contents]),
    [
      ['label', 'BYTES', ['1'], null],
      ['p', 'FP32', ['1', '2'], null],
      ['none', 'INT64', ['0'], null],
    ],
  );
  assert.deepEqual(message.rawOutputContents, [
    Buffer.from('\x03\0\0\0yes'),
    Buffer.alloc(8, 1),
    Buffer.alloc(0),
  ]);
  assert.deepEqual([message.modelName, message.modelVersion, message.id], ['m', '1.2.0', 'r-1']);
  assert.equal(message.parameters['sluice_prediction_id']?.stringParam, 'p-1');
});
