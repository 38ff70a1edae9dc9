import type { InferTensorContents__Output } from '@sluice/protos/gen/inference/InferTensorContents';
import { joinBytes } from '../tensor/bytes-elements.ts';
import { type ContentsField, type Datatype, factsOf } from '../tensor/datatypes.ts';
import { allocate, bytesOf, type NumericDatatype } from '../tensor/numbers.ts';

export type Contents = InferTensorContents__Output;
export type Result<T> = { readonly value: T } | { readonly error: string };

const fields: readonly ContentsField[] = [
  'boolContents',
  'intContents',
  'int64Contents',
  'uintContents',
  'uint64Contents',
  'fp32Contents',
  'fp64Contents',
  'bytesContents',
];

/** Whether any field of the typed contents holds something. */
export const hasContents = (contents: Contents | null): contents is Contents =>
  contents !== null && fields.some((field) => contents[field].length > 0);

const limits: Partial<Record<Datatype, readonly [number, number]>> = {
  INT8: [-128, 127],
  INT16: [-32_768, 32_767],
  UINT8: [0, 255],
  UINT16: [0, 65_535],
};

const outside = (datatype: Datatype, values: readonly number[]): number => {
  const [low, high] = limits[datatype] ?? [];
  return low === undefined || high === undefined
    ? -1
    : values.findIndex((value) => value < low || value > high);
};

const packNumbers = (
  datatype: NumericDatatype,
  values: readonly (number | string | boolean)[],
): Uint8Array => {
  const array = allocate(datatype, values.length);
  if (array instanceof BigInt64Array || array instanceof BigUint64Array) {
    for (const [index, value] of values.entries()) array[index] = BigInt(value);
  } else {
    for (const [index, value] of values.entries()) array[index] = Number(value);
  }
  return bytesOf(array);
};

/** Typed contents as raw bytes; the error says what was expected and what came. */
export const packContents = (datatype: Datatype, contents: Contents): Result<Uint8Array> => {
  const field = factsOf(datatype).contents;
  if (field === undefined)
    return { error: `${datatype} has no typed contents, it comes as raw contents only` };
  const stray = fields.find((other) => other !== field && contents[other].length > 0);
  if (stray !== undefined)
    return { error: `${datatype} comes in ${snake(field)}, but ${snake(stray)} is filled` };
  if (datatype === 'BYTES') return { value: joinBytes(contents.bytesContents) };
  const values = contents[field] as readonly (number | string | boolean)[];
  const index = outside(datatype, values as readonly number[]);
  if (index !== -1) return { error: `element ${index} is ${String(values[index])}, which is no ${datatype}` };
  return { value: packNumbers(datatype, values) };
};

const snake = (field: string): string => field.replace('Contents', '_contents');
