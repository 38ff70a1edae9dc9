/** Values of a stream in bounded memory: all of them up to a limit, beyond it a sample in which each is as likely. */
export interface Reservoir {
  readonly add: (value: number) => void;
  readonly values: () => readonly number[];
  /** Of all values that were added. */
  readonly count: () => number;
}

/** Algorithm R (Vitter 1985). @param random from 0 to below 1 */
export const createReservoir = (limit: number, random: () => number): Reservoir => {
  const kept: number[] = [];
  let count = 0;
  return {
    add: (value) => {
      count += 1;
      if (kept.length < limit) {
        kept.push(value);
        return;
      }
      const place = Math.floor(random() * count);
      if (place < limit) kept[place] = value;
    },
    values: () => kept,
    count: () => count,
  };
};

/** The value that a part of the sorted values does not exceed (nearest rank); NaN of none. @param part from 0 to 1 */
export const quantileOf = (sorted: readonly number[], part: number): number =>
  sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
