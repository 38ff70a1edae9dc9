import { bytesOfStrings, stringsOfBytes } from './bytes-elements.ts';
import { type Datatype, factsOf } from './datatypes.ts';
import { isWithin, rangeOf } from './number-ranges.ts';
import { allocate, bytesOf, readerOf } from './numbers.ts';

/** Tensor data as JSON has it: a flat list of numbers, booleans or strings. */

export type Result<T> = { readonly value: T } | { readonly error: string };

/** proto3's JSON names for what JSON numbers cannot say. */
const named = new Map<unknown, number>([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

const numberOf = (datatype: Datatype, value: unknown): number | undefined => {
  if (datatype === 'BOOL')
    return typeof value === 'boolean' ? Number(value) : value === 0 || value === 1 ? value : undefined;
  const range = rangeOf(datatype);
  if (range === undefined) return typeof value === 'number' ? value : named.get(value);
  return typeof value === 'number' && isWithin(value, range) ? value : undefined;
};

const expectedOf = (datatype: Datatype): string => {
  if (datatype === 'INT64' || datatype === 'UINT64')
    return `${datatype} that JSON carries exactly (beyond 2^53 send binary)`;
  return datatype;
};

/** Packs flat JSON values into raw bytes; the error names the element. */
export const packValues = (datatype: Datatype, values: readonly unknown[]): Result<Uint8Array> => {
  if (datatype === 'BYTES') return packStrings(values);
  if (datatype === 'FP16' || datatype === 'BF16')
    return { error: `${datatype} has no JSON form, send it as binary` };
  const array = allocate(datatype, values.length);
  for (const [index, value] of values.entries()) {
    const number = numberOf(datatype, value);
    if (number === undefined)
      return {
        error: `element ${index}: expected ${expectedOf(datatype)}, got ${JSON.stringify(value) ?? 'nothing'}`,
      };
    if (array instanceof BigInt64Array || array instanceof BigUint64Array) array[index] = BigInt(number);
    else array[index] = number;
  }
  return { value: bytesOf(array) };
};

const packStrings = (values: readonly unknown[]): Result<Uint8Array> => {
  const index = values.findIndex((value) => typeof value !== 'string');
  if (index !== -1)
    return { error: `element ${index}: expected a string, got ${JSON.stringify(values[index])}` };
  return { value: bytesOfStrings(values as string[]) };
};

export type JsonScalar = number | boolean | string | bigint;

/**
 * Raw bytes as flat values. INT64 and UINT64 are bigint, what is not finite has proto3's JSON name,
 * FP16 and BF16 have no JSON form.
 */
export const unpackValues = (datatype: Datatype, data: Uint8Array): Result<JsonScalar[]> => {
  if (datatype === 'BYTES') return stringsOfBytes(data);
  if (datatype === 'FP16' || datatype === 'BF16')
    return { error: `${datatype} has no JSON form, ask for binary data` };
  const read = readerOf(datatype);
  const { size } = factsOf(datatype);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const values: JsonScalar[] = [];
  for (let at = 0; at + size <= data.byteLength; at += size) {
    const value = read(view, at);
    if (datatype === 'BOOL') values.push(value !== 0);
    else values.push(typeof value === 'bigint' || Number.isFinite(value) ? value : String(value));
  }
  return { value: values };
};
