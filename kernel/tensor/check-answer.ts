import type { Violation } from '../errors/sluice-error.ts';
import { checkTensor } from './check-tensor.ts';
import type { TensorSignature } from './signature.ts';
import type { Tensor, TensorSpec } from './tensor.ts';

const missing = ({ name, datatype, shape }: TensorSpec): Violation => ({
  path: `outputs.${name}`,
  rule: 'required',
  message: `missing output of ${datatype} [${shape.join(',')}]`,
});

const twice = ({ name }: TensorSpec): Violation => ({
  path: `outputs.${name}`,
  rule: 'duplicate',
  message: 'came twice',
});

/** Undefined: not known, or there is no batch axis. */
const rowFaults = ({ name, shape }: Tensor, rows: number | undefined): Violation[] =>
  rows === undefined || shape[0] === rows
    ? []
    : [{ path: `outputs.${name}.shape`, rule: 'shape', message: `expected ${rows} rows, got ${shape[0]}` }];

const faultsOf = (spec: TensorSpec, came: readonly Tensor[], rows: number | undefined): Violation[] => {
  const [tensor] = came;
  if (tensor === undefined) return [missing(spec)];
  if (came.length > 1) return [twice(spec)];
  const faults = checkTensor(tensor, spec, 'outputs');
  return faults.length > 0 ? faults : rowFaults(tensor, rows);
};

/**
 * Holds what another server answered against what the release declares.
 * @param names the wanted outputs, which come out in this order; what came beside them is left out
 * @param rows of the request
 */
export const checkAnswer = (
  { outputs, maxBatchSize }: TensorSignature,
  names: readonly string[],
  rows: number | undefined,
  came: readonly Tensor[],
): { readonly value: Tensor[] } | { readonly faults: readonly Violation[] } => {
  const specs = names.flatMap((name) => outputs.filter((spec) => spec.name === name));
  const found = specs.map((spec) => came.filter(({ name }) => name === spec.name));
  const expectedRows = maxBatchSize > 0 ? rows : undefined;
  const faults = specs.flatMap((spec, index) => faultsOf(spec, found[index] ?? [], expectedRows));
  return faults.length > 0 ? { faults } : { value: found.flat() };
};
