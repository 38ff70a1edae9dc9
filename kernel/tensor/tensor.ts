import type { Datatype } from './datatypes.ts';

/** A tensor as it travels: raw bytes, little-endian, row-major, without padding. */
export interface Tensor {
  readonly name: string;
  readonly datatype: Datatype;
  /** Every dimension ≥ 0; empty: a scalar. */
  readonly shape: readonly number[];
  /** BYTES: each element behind its 4-byte little-endian length. */
  readonly data: Uint8Array;
}

/** What a release declares of a tensor; -1: any size. */
export interface TensorSpec {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
}

/** Elements of a shape; 1 for a scalar. */
export const elementCount = (shape: readonly number[]): number => {
  let count = 1;
  for (const size of shape) count *= size;
  return count;
};
