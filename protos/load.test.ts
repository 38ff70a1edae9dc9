import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { loadProtos } from './load.ts';
import { protoDirectory, protoFiles } from './loader-options.ts';

const packages = loadProtos();

test('every .proto file of the folder is loaded', () => {
  const found = readdirSync(protoDirectory, { recursive: true, encoding: 'utf8' });
  assert.deepEqual(found.filter((path) => path.endsWith('.proto')).sort(), [...protoFiles].sort());
});

test('services come with their methods under the published paths', () => {
  assert.equal(
    packages.inference.GRPCInferenceService.service.ModelInfer.path,
    '/inference.GRPCInferenceService/ModelInfer',
  );
  assert.equal(packages.sluice.v1.PredictionService.service.PredictStream.responseStream, true);
  assert.equal(packages.sluice.runtime.v1.RuntimeService.service.Exchange.requestStream, true);
});

test('a message survives its codec, with 64-bit integers as strings, bytes as Buffer and defaults filled in', () => {
  const codec = packages.inference.ModelInferRequest;
  const bytes = codec.serialize({
    modelName: 'digits',
    inputs: [{ name: 'image', datatype: 'FP32', shape: ['9007199254740993', -1] }],
    rawInputContents: [Buffer.of(1, 2)],
    parameters: { priority: { int64Param: 3 } },
  });
  const message = codec.deserialize(bytes);
  assert.deepEqual(message.inputs[0]?.shape, ['9007199254740993', '-1']);
  assert.deepEqual(message.rawInputContents, [Buffer.of(1, 2)]);
  assert.equal(message.parameters['priority']?.parameterChoice, 'int64Param');
  assert.equal(message.modelVersion, '');
  assert.deepEqual(message.outputs, []);
});
