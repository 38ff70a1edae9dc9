import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadProtos } from '@sluice/protos/load';
import type { Release } from '../release/release.ts';
import { type Datatype, datatypes, isDatatype } from '../tensor/datatypes.ts';
import { describeConfig, describeMetadata } from './describe-release.ts';

const { ModelConfig, ModelMetadataResponse } = loadProtos().inference;

const release = (maxBatchSize: number): Release => ({
  model: 'm',
  version: '1',
  digest: 'sha256:0',
  manifest: undefined,
  signature: {
    inputs: Object.keys(datatypes)
      .filter(isDatatype)
      .map((datatype: Datatype) => ({ name: `in-${datatype}`, datatype, shape: [-1, 3] })),
    outputs: [{ name: 'y', datatype: 'FP32', shape: [-1] }],
    maxBatchSize,
  },
  batching: { maxSize: 16, preferredSizes: [4, 8], maxDelayMs: 1.5 },
});

/** Through the codec, so that what does not fit the message falls away. */
const described = (of: Release) => ({
  config: ModelConfig.deserialize(ModelConfig.serialize(describeConfig(of))),
  metadata: ModelMetadataResponse.deserialize(
    ModelMetadataResponse.serialize(describeMetadata(of, ['2', '1'])),
  ),
});

for (const maxBatchSize of [0, 32]) {
  test(`configuration and metadata agree where max_batch_size is ${maxBatchSize}`, () => {
    const { config, metadata } = described(release(maxBatchSize));
    assert.equal(config.maxBatchSize, maxBatchSize);
    const axis = maxBatchSize > 0 ? ['-1'] : [];
    for (const [ours, theirs] of [
      [config.input, metadata.inputs],
      [config.output, metadata.outputs],
    ] as const) {
      assert.deepEqual(
        ours.map(({ name, dims }) => [name, [...axis, ...dims]]),
        theirs.map(({ name, shape }) => [name, shape]),
      );
    }
  });
}

test('every datatype has its own name in the configuration', () => {
  const { config, metadata } = described(release(0));
  const expected = metadata.inputs.map(({ datatype }) =>
    datatype === 'BYTES' ? 'TYPE_STRING' : `TYPE_${datatype}`,
  );
  assert.deepEqual(
    config.input.map(({ dataType }) => dataType),
    expected,
  );
});

test('preferred sizes and the delay in microseconds are said, and only where there are batches', () => {
  const { dynamicBatching } = described(release(32)).config;
  assert.deepEqual(dynamicBatching?.preferredBatchSize, [4, 8]);
  assert.equal(dynamicBatching?.maxQueueDelayMicroseconds, '1500');
  assert.equal(described(release(0)).config.dynamicBatching, undefined);
});

test('metadata lists the versions that it was given', () => {
  assert.deepEqual(described(release(0)).metadata.versions, ['2', '1']);
});

test('what another server computes is not said to be run by ONNX Runtime, nor batched', () => {
  const upstream = { url: 'grpc://a:1', address: 'a:1', model: 'm', version: '', identity: 'run 7' };
  const { config, metadata } = described({ ...release(32), upstream });
  assert.deepEqual(
    [config.platform, metadata.platform, config.backend],
    ['upstream', 'upstream', 'upstream'],
  );
  assert.deepEqual([config.defaultModelFilename, config.dynamicBatching ?? undefined], ['', undefined]);
  assert.deepEqual([described(release(32)).config.backend], ['onnxruntime']);
});
