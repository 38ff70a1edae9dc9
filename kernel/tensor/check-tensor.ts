import type { Violation } from '../errors/sluice-error.ts';
import { decodeText, splitBytes } from './bytes-elements.ts';
import { factsOf } from './datatypes.ts';
import { elementCount, type Tensor, type TensorSpec } from './tensor.ts';

const shown = (shape: readonly number[]): string => `[${shape.join(',')}]`;

/** Faults of BYTES data: structure, element count, and what ONNX Runtime cannot carry. */
const checkBytes = (tensor: Tensor, path: string): Violation[] => {
  const split = splitBytes(tensor.data);
  if ('error' in split)
    return [{ path: `${path}.data`, rule: 'length', message: `BYTES data is truncated: ${split.error}` }];
  const expected = elementCount(tensor.shape);
  if (split.value.length !== expected) {
    const message = `shape ${shown(tensor.shape)} needs ${expected} elements, ${split.value.length} came`;
    return [{ path: `${path}.data`, rule: 'length', message }];
  }
  for (const [index, element] of split.value.entries()) {
    const text = decodeText(element);
    if ('error' in text)
      return [
        { path: `${path}.data[${index}]`, rule: 'text', message: `BYTES element ${index} ${text.error}` },
      ];
  }
  return [];
};

/** Faults of a tensor in itself: whether its bytes fit its datatype and shape. */
export const checkData = (tensor: Tensor, path: string): Violation[] => {
  const { size } = factsOf(tensor.datatype);
  if (size === 0) return checkBytes(tensor, path);
  const expected = elementCount(tensor.shape) * size;
  if (tensor.data.byteLength === expected) return [];
  const message = `${tensor.datatype} of shape ${shown(tensor.shape)} needs ${expected} bytes, ${tensor.data.byteLength} came`;
  return [{ path: `${path}.data`, rule: 'length', message }];
};

const fits = (spec: readonly number[], shape: readonly number[]): boolean =>
  spec.length === shape.length && spec.every((size, axis) => size === -1 || size === shape[axis]);

/** Faults of a tensor against what the release declares, then against itself. */
export const checkTensor = (
  tensor: Tensor,
  spec: TensorSpec,
  side: 'inputs' | 'outputs' = 'inputs',
): Violation[] => {
  const path = `${side}.${tensor.name}`;
  if (tensor.datatype !== spec.datatype) {
    return [
      {
        path: `${path}.datatype`,
        rule: 'datatype',
        message: `expected ${spec.datatype}, got ${tensor.datatype}`,
      },
    ];
  }
  if (!fits(spec.shape, tensor.shape)) {
    return [
      {
        path: `${path}.shape`,
        rule: 'shape',
        message: `expected ${shown(spec.shape)}, got ${shown(tensor.shape)}`,
      },
    ];
  }
  return checkData(tensor, path);
};
