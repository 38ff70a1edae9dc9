import { bytesLengthPrefix, splitBytes } from '@sluice/kernel/tensor/bytes-elements';
import { factsOf } from '@sluice/kernel/tensor/datatypes';
import { elementCount, type Tensor } from '@sluice/kernel/tensor/tensor';
import type { Arena } from './arena.ts';

const isAligned = ({ datatype, data }: Tensor): boolean =>
  data.byteOffset % Math.max(1, factsOf(datatype).size) === 0;

/**
 * Joins the same input of several requests along the first axis, copying each once, into the arena;
 * a lone one is copied only where its bytes are not aligned for its datatype.
 */
export const concatTensors = (parts: readonly Tensor[], arena: Arena): Tensor => {
  const [first] = parts;
  if (first === undefined) throw new Error('a batch has at least one member');
  if (parts.length === 1 && isAligned(first)) return first;
  let bytes = 0;
  for (const part of parts) bytes += part.data.byteLength;
  const data = arena.take(bytes);
  let [at, rows] = [0, 0];
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.byteLength;
    rows += part.shape[0] ?? 0;
  }
  const shape = parts.length === 1 ? first.shape : [rows, ...first.shape.slice(1)];
  return { ...first, shape, data };
};

/** Where each element of BYTES data begins, and where the last one ends. */
const elementEnds = (tensor: Tensor): number[] => {
  const split = splitBytes(tensor.data);
  if ('error' in split) throw new Error(`output ${tensor.name}: ${split.error}`);
  let end = 0;
  const ends = [0];
  for (const element of split.value) {
    end += bytesLengthPrefix + element.byteLength;
    ends.push(end);
  }
  return ends;
};

/** Where the data of a row begins, in bytes. */
const rowStart = (tensor: Tensor, total: number): ((row: number) => number) => {
  const perRow = elementCount(tensor.shape) / Math.max(1, total);
  if (tensor.datatype === 'BYTES') {
    const ends = elementEnds(tensor);
    return (row) => ends[row * perRow] ?? 0;
  }
  const bytesPerRow = tensor.data.byteLength / Math.max(1, total);
  return (row) => row * bytesPerRow;
};

/** @throws Error when the first axis of an output is not the batch's. */
export const checkRows = ({ name, shape }: Tensor, total: number): void => {
  if (shape[0] !== total)
    throw new Error(`output ${name} has shape [${shape.join(',')}], expected ${total} rows for the batch`);
};

/**
 * Splits an output of a batch into the parts of its members, as views.
 * @throws Error when the first axis is not the batch's.
 */
export const splitTensor = (tensor: Tensor, rows: readonly number[]): Tensor[] => {
  const total = rows.reduce((sum, count) => sum + count, 0);
  checkRows(tensor, total);
  const startOf = rowStart(tensor, total);
  let row = 0;
  return rows.map((count) => {
    const data = tensor.data.subarray(startOf(row), startOf(row + count));
    row += count;
    return { ...tensor, shape: [count, ...tensor.shape.slice(1)], data };
  });
};
