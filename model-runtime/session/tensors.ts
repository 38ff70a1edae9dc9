import { bytesOfStrings, stringsOfBytes } from '@sluice/kernel/tensor/bytes-elements';
import type { Datatype } from '@sluice/kernel/tensor/datatypes';
import { bytesOf, type NumericArray, numbersOf } from '@sluice/kernel/tensor/numbers';
import type { Tensor } from '@sluice/kernel/tensor/tensor';
import type { Ort } from './onnx-runtime.ts';

/** ONNX Runtime's names of the datatypes. */
const toOrt = {
  BOOL: 'bool',
  UINT8: 'uint8',
  UINT16: 'uint16',
  UINT32: 'uint32',
  UINT64: 'uint64',
  INT8: 'int8',
  INT16: 'int16',
  INT32: 'int32',
  INT64: 'int64',
  FP16: 'float16',
  FP32: 'float32',
  FP64: 'float64',
  BYTES: 'string',
} as const satisfies Record<Exclude<Datatype, 'BF16'>, Ort.Tensor.Type>;

const fromOrt = new Map<string, Datatype>(
  Object.entries(toOrt).map(([ours, theirs]) => [theirs, ours as Datatype]),
);

/** @throws Error when BYTES data cannot be a string; the door checks that before. */
const stringsOf = ({ name, data }: Tensor): string[] => {
  const strings = stringsOfBytes(data);
  if ('error' in strings) throw new Error(`input ${name}: ${strings.error}`);
  return strings.value;
};

/** A tensor for ONNX Runtime; numbers are wrapped without a copy where their bytes are aligned. */
export const toOrtTensor = (ort: typeof Ort, tensor: Tensor): Ort.Tensor => {
  const { datatype, shape, data } = tensor;
  if (datatype === 'BF16') throw new Error('BF16 is not carried by onnxruntime-node');
  const values = datatype === 'BYTES' ? stringsOf(tensor) : numbersOf(datatype, data);
  return new ort.Tensor(toOrt[datatype], values as Ort.Tensor.DataType, [...shape]);
};

/** A tensor of ONNX Runtime as raw bytes, without a copy for numbers. */
export const fromOrtTensor = (name: string, tensor: Ort.Tensor): Tensor => {
  const datatype = fromOrt.get(tensor.type);
  if (datatype === undefined)
    throw new Error(`output ${name} has type ${tensor.type}, which cannot be served`);
  const data =
    tensor.type === 'string' ? bytesOfStrings(tensor.data as string[]) : bytesOf(tensor.data as NumericArray);
  return { name, datatype, shape: tensor.dims, data };
};
