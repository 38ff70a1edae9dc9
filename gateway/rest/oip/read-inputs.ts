import type { Violation } from '@sluice/kernel/errors/sluice-error';
import { declaredDatatype, declaredShape } from '@sluice/kernel/oip/declared-tensor';
import type { Parsed } from '@sluice/kernel/tensor/bytes-elements';
import type { Datatype } from '@sluice/kernel/tensor/datatypes';
import { packValues } from '@sluice/kernel/tensor/json-values';
import { elementCount, type Tensor } from '@sluice/kernel/tensor/tensor';
import { flatten } from './flatten.ts';
import type { JsonInput } from './infer-schema.ts';

const packData = ({ data }: JsonInput, datatype: Datatype, shape: readonly number[]): Parsed<Uint8Array> => {
  if (data === undefined) return { error: 'expected data, or parameters.binary_data_size' };
  const flat = flatten(data, shape.length);
  if ('error' in flat) return flat;
  const expected = elementCount(shape);
  if (flat.value.length !== expected)
    return { error: `shape [${shape}] needs ${expected} elements, ${flat.value.length} came` };
  return packValues(datatype, flat.value);
};

/** The size that an input claims of the binary part; undefined: it comes as JSON. */
const claimOf = ({ parameters }: JsonInput): Parsed<number | undefined> => {
  const size = parameters['binary_data_size'];
  if (size === undefined) return { value: undefined };
  return typeof size === 'number' && Number.isSafeInteger(size) && size >= 0
    ? { value: size }
    : { error: `expected a number of bytes, got ${JSON.stringify(size)}` };
};

/** The bytes of each input in the binary part, which must be used up. */
const sliceBinary = (
  inputs: readonly JsonInput[],
  binary: Uint8Array,
): Parsed<readonly (Uint8Array | undefined)[]> => {
  let at = 0;
  const slices: (Uint8Array | undefined)[] = [];
  for (const input of inputs) {
    const claim = claimOf(input);
    if ('error' in claim)
      return { error: `inputs.${input.name}.parameters.binary_data_size: ${claim.error}` };
    const size = claim.value ?? 0;
    if (size > binary.byteLength - at)
      return {
        error: `input ${input.name} has a binary_data_size of ${size}, but ${binary.byteLength - at} bytes are left of the binary part`,
      };
    slices.push(claim.value === undefined ? undefined : binary.subarray(at, at + size));
    at += size;
  }
  return at === binary.byteLength
    ? { value: slices }
    : { error: `${binary.byteLength - at} bytes of the binary part belong to no input` };
};

const readInput = (input: JsonInput, slice: Uint8Array | undefined, faults: Violation[]): Tensor[] => {
  const { name } = input;
  const datatype = declaredDatatype(input, faults);
  const shape = declaredShape(input, faults);
  if (datatype === undefined || faults.length > 0) return [];
  if (slice !== undefined && input.data === undefined) return [{ name, datatype, shape, data: slice }];
  const packed: Parsed<Uint8Array> =
    slice === undefined
      ? packData(input, datatype, shape)
      : { error: 'data and parameters.binary_data_size exclude each other' };
  if ('value' in packed) return [{ name, datatype, shape, data: packed.value }];
  faults.push({ path: `inputs.${name}.data`, rule: 'data', message: packed.error });
  return [];
};

export interface ReadInputs {
  readonly tensors: readonly Tensor[];
  /** What is wrong with single inputs; the tensors are to be ignored then. */
  readonly faults: readonly Violation[];
}

/** Inputs with their data, from the JSON or the binary part; an error when the binary part does not fit. */
export const readInputs = (inputs: readonly JsonInput[], binary: Uint8Array): Parsed<ReadInputs> => {
  const slices = sliceBinary(inputs, binary);
  if ('error' in slices) return slices;
  const faults: Violation[] = [];
  const tensors = inputs.flatMap((input, index) => {
    const own: Violation[] = [];
    const read = readInput(input, slices.value[index], own);
    faults.push(...own);
    return read;
  });
  return { value: { tensors, faults } };
};
