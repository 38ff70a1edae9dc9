import type { OnnxSparseTensor, OnnxTensor } from './onnx-messages.ts';
import { onnxLimits } from './package-limits.ts';

/** Elements of the smallest datatype (two bits) in one byte. */
const elementsOfByte = 4;

const { maxDenseElements } = onnxLimits;

const elementsIn = (dims: readonly number[]): number => dims.reduce((product, size) => product * size, 1);

const maxFaults = 8;

const fileOf = ({ externalData }: OnnxTensor): string =>
  externalData.find(({ key }) => key === 'location')?.value ?? 'model.onnx';

const shapeFaults = (tensor: OnnxTensor, sizes: ReadonlyMap<string, number>): string[] => {
  const { name = '', dims } = tensor;
  if (dims.some((size) => size < 0))
    return [`weights of ${name} have the shape [${dims}]; no size is negative`];
  const bytes = sizes.get(fileOf(tensor));
  if (bytes === undefined || elementsIn(dims) <= bytes * elementsOfByte) return [];
  return [`weights of ${name} have the shape [${dims}], but ${fileOf(tensor)} has only ${bytes} bytes`];
};

const denseFaults = ({ values, dims }: OnnxSparseTensor): string[] => {
  if (elementsIn(dims) <= maxDenseElements && dims.every((size) => size >= 0)) return [];
  return [
    `sparse weights of ${values?.name ?? ''} have the shape [${dims}], at most ${maxDenseElements} elements`,
  ];
};

/**
 * Weights that declare more elements than there can be bytes for: memory would be taken for them before
 * anybody sees that they are not there.
 * @param sizes of the package's files in bytes, by path
 */
export const sizeFaults = (
  {
    tensors,
    sparse,
  }: { readonly tensors: readonly OnnxTensor[]; readonly sparse: readonly OnnxSparseTensor[] },
  sizes: ReadonlyMap<string, number>,
): string[] =>
  [...tensors.flatMap((tensor) => shapeFaults(tensor, sizes)), ...sparse.flatMap(denseFaults)].slice(
    0,
    maxFaults,
  );
