import type { Parsed } from '@sluice/kernel/tensor/bytes-elements';
import { joinBytes } from '@sluice/kernel/tensor/bytes-elements';
import { factsOf } from '@sluice/kernel/tensor/datatypes';
import type { TensorSignature } from '@sluice/kernel/tensor/signature';
import { elementCount, type Tensor, type TensorSpec } from '@sluice/kernel/tensor/tensor';

/**
 * Triton's raw binary request (`Inference-Header-Content-Length: 0`): the body is the only input's
 * data, one row where there is a batch axis. At most one further dimension may be open; BYTES must be
 * one element, whose bytes come without a length in front.
 */
export const rawInput = (signature: TensorSignature, body: Uint8Array): Parsed<Tensor> => {
  const [spec, ...others] = signature.inputs;
  if (spec === undefined || others.length > 0)
    return { error: `a raw body needs a model with one input, this one has ${signature.inputs.length}` };
  const { name, datatype } = spec;
  const data = datatype === 'BYTES' ? joinBytes([body]) : body;
  const elements = datatype === 'BYTES' ? 1 : body.byteLength / factsOf(datatype).size;
  const row = rowShape(spec, signature.maxBatchSize > 0, elements);
  return 'error' in row ? row : { value: { name, datatype, shape: row.value, data } };
};

const rowShape = (
  { name, datatype, shape }: TensorSpec,
  batched: boolean,
  elements: number,
): Parsed<number[]> => {
  const row = batched ? [1, ...shape.slice(1)] : [...shape];
  const open = row.indexOf(-1);
  if (open !== row.lastIndexOf(-1))
    return { error: `the shape of ${name}, [${shape}], cannot be told from a raw body` };
  const known = elementCount(row.filter((size) => size !== -1));
  if (open !== -1) row[open] = known === 0 ? 0 : elements / known;
  if (row.every(Number.isInteger) && elementCount(row) === elements) return { value: row };
  return {
    error: `${name} is ${datatype} [${shape}], which a raw body of ${elements} elements does not fit`,
  };
};
