import { type Datatype, datatypeOfOnnx } from '../tensor/datatypes.ts';
import type { TensorSpec } from '../tensor/tensor.ts';
import type { OnnxModel, OnnxValue } from './onnx-messages.ts';
import { refuseOutsideWeights } from './outside-weights.ts';
import { readOnnxModel } from './read-onnx.ts';

/** What the graph itself declares. */
export interface GraphSignature {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}

/**
 * Reads names, datatypes and shapes from an ONNX file; a dimension without a number is -1.
 * @throws Error when it is no ONNX file, has inputs that are no tensors, keeps weights outside its
 *   own folder, or uses a datatype that cannot be served.
 */
export const readSignature = (bytes: Uint8Array): GraphSignature => {
  const model = readOnnxModel(bytes);
  refuseOutsideWeights(model);
  return signatureOf(model);
};

/** The same of a file that was read. */
export const signatureOf = ({ graph }: OnnxModel): GraphSignature => {
  const weights = new Set(graph.initializer.map((tensor) => tensor.name));
  const inputs = graph.input.filter((value) => !weights.has(value.name)).map(specOf);
  return { inputs, outputs: graph.output.map(specOf) };
};

const specOf = ({ name, type }: OnnxValue): TensorSpec => {
  if (name === undefined) throw new Error('it has an input or output without a name');
  const tensor = type?.tensorType;
  if (tensor === undefined)
    throw new Error(`${name} is a sequence, a map or optional; only tensors can be served`);
  const shape = tensor.shape?.dim.map((dim) =>
    dim.dimValue !== undefined && dim.dimValue > 0 ? dim.dimValue : -1,
  );
  if (shape === undefined) throw new Error(`${name} has no shape in the graph; export it with one`);
  return { name, datatype: datatypeOf(name, tensor.elemType ?? 0), shape };
};

const datatypeOf = (name: string, elemType: number): Datatype => {
  const datatype = datatypeOfOnnx(elemType);
  if (datatype === undefined)
    throw new Error(`${name} has ONNX element type ${elemType}, which cannot be served`);
  if (datatype === 'BF16') throw new Error(`${name} is BF16, which onnxruntime-node does not carry`);
  return datatype;
};
