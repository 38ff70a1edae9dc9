import { mean } from './regression.ts';

export interface IntervalPair {
  readonly truth: number;
  readonly lower: number;
  readonly upper: number;
}

/** Share of truths inside their interval, ends included; to be held against the `level` of the output. */
export const coverage = (pairs: readonly IntervalPair[]): number =>
  mean(pairs.map(({ truth, lower, upper }) => (lower <= truth && truth <= upper ? 1 : 0)));
