import type { Datatype } from './datatypes.ts';

export type NumericArray =
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

/** FP16 and BF16 stay bit patterns: no typed array of every supported engine holds them. */
const constructors = {
  BOOL: Uint8Array,
  UINT8: Uint8Array,
  UINT16: Uint16Array,
  UINT32: Uint32Array,
  UINT64: BigUint64Array,
  INT8: Int8Array,
  INT16: Int16Array,
  INT32: Int32Array,
  INT64: BigInt64Array,
  FP16: Uint16Array,
  BF16: Uint16Array,
  FP32: Float32Array,
  FP64: Float64Array,
} as const;

export type NumericDatatype = Exclude<Datatype, 'BYTES'>;

/** A zeroed array of that many elements. */
export const allocate = (datatype: NumericDatatype, length: number): NumericArray =>
  new constructors[datatype](length);

/** The bytes of an array, as a view. The machines that Sluice runs on are little-endian. */
export const bytesOf = (array: NumericArray): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/** Raw data as numbers: a view where the bytes are aligned, else a copy. */
export const numbersOf = (datatype: NumericDatatype, data: Uint8Array): NumericArray => {
  const type = constructors[datatype];
  const length = data.byteLength / type.BYTES_PER_ELEMENT;
  if (data.byteOffset % type.BYTES_PER_ELEMENT === 0) {
    return new type(data.buffer as ArrayBuffer, data.byteOffset, length);
  }
  const copy = allocate(datatype, length);
  bytesOf(copy).set(data);
  return copy;
};

/** An element of raw data, which begins at that byte; it need not be aligned. */
export type ReadNumber = (view: DataView, at: number) => number | bigint;

const readers: Readonly<Record<NumericDatatype, ReadNumber>> = {
  BOOL: (view, at) => view.getUint8(at),
  UINT8: (view, at) => view.getUint8(at),
  UINT16: (view, at) => view.getUint16(at, true),
  UINT32: (view, at) => view.getUint32(at, true),
  UINT64: (view, at) => view.getBigUint64(at, true),
  INT8: (view, at) => view.getInt8(at),
  INT16: (view, at) => view.getInt16(at, true),
  INT32: (view, at) => view.getInt32(at, true),
  INT64: (view, at) => view.getBigInt64(at, true),
  FP16: (view, at) => view.getUint16(at, true),
  BF16: (view, at) => view.getUint16(at, true),
  FP32: (view, at) => view.getFloat32(at, true),
  FP64: (view, at) => view.getFloat64(at, true),
};

/** Reads one number after the other, for a few of them: an array over bytes that are not aligned costs a copy. */
export const readerOf = (datatype: NumericDatatype): ReadNumber => readers[datatype];
