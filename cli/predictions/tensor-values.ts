import { isDatatype } from '@sluice/kernel/tensor/datatypes';
import { unpackValues } from '@sluice/kernel/tensor/json-values';
import { numbersOf } from '@sluice/kernel/tensor/numbers';
import type { RecordedTensor } from './stored-prediction.ts';

export type TensorValue = number | boolean | string | null;

const mantissaBits = 10;
const subnormalStep = 2 ** -24;

/** IEEE 754 half precision. */
const fromHalf = (bits: number): number => {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> mantissaBits) & 0x1f;
  const mantissa = bits & 0x3ff;
  if (exponent === 0) return sign * mantissa * subnormalStep;
  if (exponent === 0x1f) return mantissa === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + mantissa / 2 ** mantissaBits) * 2 ** (exponent - 15);
};

/** The upper half of a float of single precision. */
const fromBrain = (bits: number): number => {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint16(0, bits);
  return view.getFloat32(0);
};

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/**
 * The elements of a recorded tensor, row by row. Numbers are doubles; one that is not finite is null, as JSON and
 * training sets know no such number. undefined: its bytes are none of its datatype.
 */
export const tensorValues = ({ datatype, raw }: RecordedTensor): readonly TensorValue[] | undefined => {
  if (!isDatatype(datatype)) return undefined;
  const data = Buffer.from(raw, 'base64');
  if (datatype === 'FP16' || datatype === 'BF16') {
    const decode = datatype === 'FP16' ? fromHalf : fromBrain;
    const bits: Iterable<number | bigint> = numbersOf(datatype, data);
    return Array.from(bits, (each) => finite(decode(Number(each))));
  }
  const unpacked = unpackValues(datatype, data);
  if ('error' in unpacked) return undefined;
  if (datatype === 'BYTES' || datatype === 'BOOL') return unpacked.value as (string | boolean)[];
  return unpacked.value.map((value) => finite(Number(value)));
};
