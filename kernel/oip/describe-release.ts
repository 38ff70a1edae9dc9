import type { ModelConfig } from '@sluice/protos/gen/inference/ModelConfig';
import type { ModelMetadataResponse } from '@sluice/protos/gen/inference/ModelMetadataResponse';
import type { Release } from '../release/release.ts';
import { factsOf } from '../tensor/datatypes.ts';
import type { TensorSpec } from '../tensor/tensor.ts';

/** Triton's names for what runs the model; clients show them and some of them look at them. */
const onnx = { platform: 'onnxruntime_onnx', backend: 'onnxruntime' } as const;
/** Triton has no name for another server. */
const elsewhere = { platform: 'upstream', backend: 'upstream' } as const;

const runnerOf = ({ upstream }: Release) => (upstream === undefined ? onnx : elsewhere);

type Tensors = NonNullable<ModelMetadataResponse['inputs']>;
type ConfigInput = NonNullable<ModelConfig['input']>[number];

const metadataOf = (specs: readonly TensorSpec[]): Tensors =>
  specs.map(({ name, datatype, shape }) => ({ name, datatype, shape: [...shape] }));

/** Metadata: shapes with the batch axis where there is one. */
export const describeMetadata = (release: Release, versions: readonly string[]): ModelMetadataResponse => ({
  name: release.model,
  versions: [...versions],
  platform: runnerOf(release).platform,
  inputs: metadataOf(release.signature.inputs),
  outputs: metadataOf(release.signature.outputs),
});

/** Configuration: the same shapes, where `max_batch_size > 0` without the batch axis, as Triton writes them. */
export const describeConfig = (release: Release): ModelConfig => {
  const { model, signature, batching, upstream } = release;
  const configOf = ({ name, datatype, shape }: TensorSpec) => ({
    name,
    dataType: factsOf(datatype).triton as NonNullable<ConfigInput['dataType']>,
    dims: signature.maxBatchSize > 0 ? shape.slice(1) : [...shape],
  });
  const dynamicBatching = {
    preferredBatchSize: [...batching.preferredSizes],
    maxQueueDelayMicroseconds: Math.round(batching.maxDelayMs * 1000),
  };
  return {
    name: model,
    ...runnerOf(release),
    maxBatchSize: signature.maxBatchSize,
    input: signature.inputs.map(configOf),
    output: signature.outputs.map(configOf),
    ...(signature.maxBatchSize > 0 && upstream === undefined ? { dynamicBatching } : {}),
    defaultModelFilename: upstream === undefined ? 'model.onnx' : '',
  };
};
