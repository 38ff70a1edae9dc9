import type { Datatype } from './datatypes.ts';

/** Whole numbers of a datatype that a JavaScript number carries exactly; what is not here is no integer. */
const ranges: Partial<Record<Datatype, readonly [number, number]>> = {
  INT8: [-128, 127],
  INT16: [-32_768, 32_767],
  INT32: [-(2 ** 31), 2 ** 31 - 1],
  INT64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  UINT8: [0, 255],
  UINT16: [0, 65_535],
  UINT32: [0, 2 ** 32 - 1],
  UINT64: [0, Number.MAX_SAFE_INTEGER],
};

/** The smallest and the largest; undefined: the datatype is no integer. */
export const rangeOf = (datatype: Datatype): readonly [number, number] | undefined => ranges[datatype];

export const isWithin = (value: number, [low, high]: readonly [number, number]): boolean =>
  Number.isInteger(value) && value >= low && value <= high;

/** From here on a number is rounded to infinity: half a step above the largest that FP32 has. */
export const fp32Overflow = 2 ** 128 - 2 ** 103;

/** What a number should have been to fit the datatype; undefined: it fits. A typed array would cut it silently. */
export const unfitNumber = (datatype: Datatype, value: number): string | undefined => {
  const range = rangeOf(datatype);
  if (range !== undefined)
    return isWithin(value, range)
      ? undefined
      : `a whole number from ${range[0]} to ${range[1]} for ${datatype}`;
  const overflows = datatype === 'FP32' && Number.isFinite(value) && Math.abs(value) >= fp32Overflow;
  return overflows ? 'a number that FP32 can hold' : undefined;
};
