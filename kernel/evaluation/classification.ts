import { mean } from './regression.ts';

/** How well classes are told. Formulas as in scikit-learn's user guide, "Classification metrics". */

export interface LabelPair {
  readonly truth: string;
  readonly predicted: string;
}

export interface ScorePair {
  /** Whether the row is of the positive class. */
  readonly truth: boolean;
  /** Probability of the positive class. */
  readonly score: number;
}

/** Share of rows whose label is right. */
export const accuracy = (pairs: readonly LabelPair[]): number =>
  mean(pairs.map(({ truth, predicted }) => (truth === predicted ? 1 : 0)));

/** 2·TP / (2·TP + FP + FN) of the positive class; 0 where it neither is nor is predicted. */
export const f1 = (pairs: readonly LabelPair[], positive: string): number => {
  const hits = pairs.filter(({ truth, predicted }) => truth === positive && predicted === positive).length;
  const misses = pairs.filter(
    ({ truth, predicted }) => (truth === positive) !== (predicted === positive),
  ).length;
  return hits === 0 ? 0 : (2 * hits) / (2 * hits + misses);
};

/** A probability of 0 or 1 that is wrong would cost infinitely much: it is moved by this, as in scikit-learn. */
const edge = Number.EPSILON;

/** −Σ log(probability of what was true) / n. */
export const logLoss = (pairs: readonly ScorePair[]): number =>
  mean(
    pairs.map(({ truth, score }) => {
      const kept = Math.min(1 - edge, Math.max(edge, score));
      return -Math.log(truth ? kept : 1 - kept);
    }),
  );

/**
 * Area under the receiver operating characteristic: how often a positive row scores higher than a negative
 * one, a tie counting half (Mann and Whitney's U over the number of such couples). NaN where one class is absent.
 */
export const rocAuc = (pairs: readonly ScorePair[]): number => {
  const sorted = pairs.toSorted((a, b) => a.score - b.score);
  let rankSum = 0;
  for (let start = 0; start < sorted.length; ) {
    let end = start;
    while (end < sorted.length && sorted[end]?.score === sorted[start]?.score) end += 1;
    const positives = sorted.slice(start, end).filter(({ truth }) => truth).length;
    // Ranks count from 1; tied rows share the mean of theirs.
    rankSum += (positives * (start + 1 + end)) / 2;
    start = end;
  }
  const positives = pairs.filter(({ truth }) => truth).length;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * (pairs.length - positives));
};
