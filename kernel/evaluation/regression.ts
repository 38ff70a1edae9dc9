/** How far numbers are from the truth. Formulas as in scikit-learn's user guide, "Regression metrics". */

export interface ValuePair {
  readonly truth: number;
  readonly predicted: number;
}

/** Difference of 1 and the next number that a double can hold; scikit-learn's guard against a division by 0. */
const epsilon = Number.EPSILON;

export const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

/** Mean absolute error: Σ|y − ŷ| / n, in the unit of the output. */
export const meanAbsoluteError = (pairs: readonly ValuePair[]): number =>
  mean(pairs.map(({ truth, predicted }) => Math.abs(truth - predicted)));

/** Root mean squared error: √(Σ(y − ŷ)² / n), in the unit of the output. */
export const rootMeanSquaredError = (pairs: readonly ValuePair[]): number =>
  Math.sqrt(mean(pairs.map(({ truth, predicted }) => (truth - predicted) ** 2)));

/** Mean absolute percentage error: Σ(|y − ŷ| / max(|y|, ε)) / n, as a share: 0.1 is 10 %. */
export const meanAbsolutePercentageError = (pairs: readonly ValuePair[]): number =>
  mean(pairs.map(({ truth, predicted }) => Math.abs(truth - predicted) / Math.max(Math.abs(truth), epsilon)));

/**
 * Coefficient of determination: 1 − Σ(y − ŷ)² / Σ(y − ȳ)². Where all truths are the same it is 1 if every
 * prediction is right, else 0, as scikit-learn has it.
 */
export const determination = (pairs: readonly ValuePair[]): number => {
  const centre = mean(pairs.map(({ truth }) => truth));
  const missed = pairs.reduce((sum, { truth, predicted }) => sum + (truth - predicted) ** 2, 0);
  const spread = pairs.reduce((sum, { truth }) => sum + (truth - centre) ** 2, 0);
  if (spread === 0) return missed === 0 ? 1 : 0;
  return 1 - missed / spread;
};
