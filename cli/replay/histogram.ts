export interface Bin {
  /** At or above. */
  readonly from: number;
  /** Below; in the last bin at or below. */
  readonly to: number;
  readonly count: number;
}

const defaultBins = 15;

/** How values spread: bins of equal width from the least to the greatest; one bin where all are the same. */
export const histogramOf = (values: readonly number[], bins: number = defaultBins): readonly Bin[] => {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) [least, greatest] = [Math.min(least, value), Math.max(greatest, value)];
  if (values.length === 0) return [];
  const width = (greatest - least) / bins;
  if (!(width > 0)) return [{ from: least, to: greatest, count: values.length }];
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) {
    const index = Math.min(bins - 1, Math.floor((value - least) / width));
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts.map((count, index) => ({
    from: least + index * width,
    to: index === bins - 1 ? greatest : least + (index + 1) * width,
    count,
  }));
};
