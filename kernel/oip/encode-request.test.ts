import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadProtos } from '@sluice/protos/load';
import { bytesOfStrings } from '../tensor/bytes-elements.ts';
import { decodeRequest } from './decode-request.ts';
import { encodeRequest } from './encode-request.ts';

const codec = loadProtos().inference.ModelInferRequest;
const request = {
  model: 'm',
  version: '2',
  id: 'r-1',
  inputs: [
    { name: 'x', datatype: 'FP32', shape: [1, 2], data: Buffer.alloc(8, 1) },
    { name: 'words', datatype: 'BYTES', shape: [1], data: Buffer.from(bytesOfStrings(['yes'])) },
    { name: 'none', datatype: 'INT64', shape: [0], data: Buffer.alloc(0) },
  ],
  outputs: ['p', 'label'],
  priority: 7,
} as const;
const sent = (priority: number) =>
  codec.deserialize(codec.serialize(encodeRequest({ ...request, priority })));

test('what is sent is what a server of the protocol reads', () => {
  const { parameters, ...read } = decodeRequest(sent(7));
  const { priority, ...asked } = request;
  assert.deepEqual(read, asked);
  assert.equal(parameters.priority, priority);
});

test('the default priority is not sent: servers may refuse parameters that they do not know', () => {
  assert.deepEqual(sent(0).parameters, {});
});
