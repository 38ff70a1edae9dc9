import type { TensorSignature } from '../tensor/signature.ts';
import type { TensorSpec } from '../tensor/tensor.ts';
import type { Manifest } from './manifest.ts';
import type { GraphSignature } from './onnx-signature.ts';
import { type Batching, defaultGatheredRows, defaultMaxRows, hasBatchAxis } from './release.ts';
import type { TritonConfig } from './triton-config.ts';

interface Declared {
  readonly manifest: Manifest | undefined;
  readonly triton: TritonConfig | undefined;
}

/**
 * The graph's signature, narrowed by what config.pbtxt says: a batch axis exists where all tensors
 * have an axis of any size in front, and config.pbtxt does not say `max_batch_size: 0`.
 * @throws Error when config.pbtxt contradicts the graph.
 */
export const tensorSignature = (graph: GraphSignature, { manifest, triton }: Declared): TensorSignature => {
  const batched = hasBatchAxis([...graph.inputs, ...graph.outputs]);
  if (triton === undefined) {
    return { ...graph, maxBatchSize: batched ? (manifest?.batching?.maxSize ?? defaultMaxRows) : 0 };
  }
  if (triton.maxBatchSize > 0 && !batched) {
    throw new Error(
      `config.pbtxt: max_batch_size is ${triton.maxBatchSize}, but not every tensor of the graph has a batch axis`,
    );
  }
  const { maxBatchSize } = triton;
  return {
    inputs: narrowed(graph.inputs, triton.inputs, maxBatchSize > 0),
    outputs: narrowed(graph.outputs, triton.outputs, maxBatchSize > 0),
    maxBatchSize,
  };
};

const narrowed = (
  graph: readonly TensorSpec[],
  declared: readonly TensorSpec[],
  batched: boolean,
): TensorSpec[] => {
  for (const { name } of declared) {
    if (!graph.some((spec) => spec.name === name))
      throw new Error(`config.pbtxt: the graph has no tensor ${name}`);
  }
  return graph.map((spec) => {
    const own = declared.find(({ name }) => name === spec.name);
    return own === undefined ? spec : narrow(spec, own, batched);
  });
};

const narrow = (spec: TensorSpec, own: TensorSpec, batched: boolean): TensorSpec => {
  const shape = batched ? [-1, ...own.shape] : own.shape;
  const fits =
    shape.length === spec.shape.length &&
    spec.shape.every((size, axis) => size === -1 || shape[axis] === -1 || size === shape[axis]);
  if (own.datatype !== spec.datatype || !fits) {
    const [declared, real] = [`${own.datatype} [${shape}]`, `${spec.datatype} [${spec.shape}]`];
    throw new Error(`config.pbtxt: ${spec.name} is declared ${declared}, the graph has ${real}`);
  }
  return { ...spec, shape: spec.shape.map((size, axis) => (size === -1 ? (shape[axis] ?? -1) : size)) };
};

/**
 * How requests are gathered: as the manifest says, what it leaves open as config.pbtxt says.
 * @throws Error when a preferred size is larger than a batch may be.
 */
export const batchingOf = ({ manifest, triton }: Declared, { maxBatchSize }: TensorSignature): Batching => {
  if (maxBatchSize === 0) return { maxSize: 1, preferredSizes: [], maxDelayMs: 0 };
  const own = manifest?.batching;
  const maxSize = Math.min(maxBatchSize, own?.maxSize ?? triton?.maxBatchSize ?? defaultGatheredRows);
  const preferred = new Set(own?.preferredSizes ?? triton?.preferredBatchSizes);
  const preferredSizes = [...preferred].sort((one, other) => one - other);
  const outside = preferredSizes.find((size) => size < 1 || size > maxSize);
  if (outside !== undefined) {
    const field = own?.preferredSizes === undefined ? 'config.pbtxt' : 'sluice.yaml: batching.preferredSizes';
    throw new Error(`${field}: the preferred batch size ${outside} is not within 1 and ${maxSize}`);
  }
  return { maxSize, preferredSizes, maxDelayMs: own?.maxDelayMs ?? triton?.maxQueueDelayMs ?? 0 };
};
