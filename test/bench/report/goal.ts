import type { Figure } from '../figures.ts';

/** A figure of a row in one round; NaN where it was not measured. */
export type Look = (row: string, figure: Figure) => number;

/** One line of the table. */
export interface Goal {
  readonly text: string;
  readonly atLeast: number;
  readonly stretch: number;
  /** 'lower': the bounds are the most that is allowed. */
  readonly better: 'higher' | 'lower';
  readonly unit: '' | '×' | '%' | ' µs' | ' ms' | ' MB';
  readonly measure: (look: Look) => number;
}
