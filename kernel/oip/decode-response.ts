import type { ModelInferResponse__Output } from '@sluice/protos/gen/inference/ModelInferResponse';
import { isDatatype } from '../tensor/datatypes.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { hasContents, packContents, type Result } from './contents.ts';

type WireOutput = ModelInferResponse__Output['outputs'][number];

const shapeOf = ({ name, shape }: WireOutput): Result<number[]> => {
  const sizes = shape.map(Number);
  const good = sizes.every((size) => Number.isSafeInteger(size) && size >= 0);
  return good ? { value: sizes } : { error: `outputs.${name} has the shape [${shape.join(',')}]` };
};

const tensorOf = (output: WireOutput, raw: Buffer | undefined): Result<Tensor> => {
  const { name, datatype, contents } = output;
  if (!isDatatype(datatype))
    return { error: `outputs.${name}: '${datatype}' is no datatype of the protocol` };
  const shape = shapeOf(output);
  if ('error' in shape) return shape;
  if (raw !== undefined) return { value: { name, datatype, shape: shape.value, data: raw } };
  const packed = hasContents(contents) ? packContents(datatype, contents) : { value: new Uint8Array() };
  if ('error' in packed) return { error: `outputs.${name}: ${packed.error}` };
  return { value: { name, datatype, shape: shape.value, data: packed.value } };
};

/** Raw and typed contents exclude each other, and raw ones come for every output or for none. */
const rawFault = ({ outputs, rawOutputContents: raw }: ModelInferResponse__Output): string | undefined => {
  if (raw.length === 0) return undefined;
  if (raw.length !== outputs.length)
    return `raw_output_contents has ${raw.length} entries for ${outputs.length} outputs`;
  const typed = outputs.find(({ contents }) => hasContents(contents));
  return typed && `outputs.${typed.name} has typed contents beside raw_output_contents`;
};

/**
 * The tensors of another server's answer, raw or typed. Whether each has as many bytes as its shape
 * says is not looked at here.
 */
export const decodeResponse = (wire: ModelInferResponse__Output): Result<Tensor[]> => {
  const fault = rawFault(wire);
  if (fault !== undefined) return { error: fault };
  const tensors: Tensor[] = [];
  for (const [index, output] of wire.outputs.entries()) {
    const tensor = tensorOf(output, wire.rawOutputContents[index]);
    if ('error' in tensor) return tensor;
    tensors.push(tensor.value);
  }
  return { value: tensors };
};
