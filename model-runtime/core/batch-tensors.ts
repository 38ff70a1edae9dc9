import { splitBytes } from '@sluice/kernel/tensor/bytes-elements';
import { elementCount, type Tensor } from '@sluice/kernel/tensor/tensor';

/** Joins the same input of several requests along the first axis. */
export const concatTensors = (parts: readonly Tensor[]): Tensor => {
  const [first] = parts;
  if (first === undefined) throw new Error('a batch has at least one member');
  if (parts.length === 1) return first;
  const data = new Uint8Array(parts.reduce((sum, part) => sum + part.data.byteLength, 0));
  let at = 0;
  let rows = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.byteLength;
    rows += part.shape[0] ?? 0;
  }
  return { ...first, shape: [rows, ...first.shape.slice(1)], data };
};

/** Where each row count ends in the data of a batch, in bytes. */
const cutsOf = (tensor: Tensor, rows: readonly number[], total: number): number[] => {
  const elementsPerRow = elementCount(tensor.shape) / Math.max(1, total);
  let row = 0;
  if (tensor.datatype !== 'BYTES') {
    const bytesPerRow = tensor.data.byteLength / Math.max(1, total);
    return rows.map((count) => (row += count) * bytesPerRow);
  }
  const split = splitBytes(tensor.data);
  if ('error' in split) throw new Error(`output ${tensor.name}: ${split.error}`);
  const ends = [0];
  for (const element of split.value) ends.push((ends.at(-1) ?? 0) + 4 + element.byteLength);
  return rows.map((count) => ends[(row += count) * elementsPerRow] ?? 0);
};

/**
 * Splits an output of a batch into the parts of its members, as views.
 * @throws Error when the first axis is not the batch's.
 */
export const splitTensor = (tensor: Tensor, rows: readonly number[]): Tensor[] => {
  const total = rows.reduce((sum, count) => sum + count, 0);
  if (tensor.shape[0] !== total) {
    throw new Error(
      `output ${tensor.name} has shape [${tensor.shape.join(',')}], expected ${total} rows for the batch`,
    );
  }
  let start = 0;
  return cutsOf(tensor, rows, total).map((end, index) => {
    const part = {
      ...tensor,
      shape: [rows[index] ?? 0, ...tensor.shape.slice(1)],
      data: tensor.data.subarray(start, end),
    };
    start = end;
    return part;
  });
};
