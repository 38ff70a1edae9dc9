import type { Leaf, Outcome } from './outcome.ts';

/** How an output changed: of a list of numbers, where it changed most. */
export type Change =
  | { readonly output: string; readonly kind: 'number'; readonly from: number; readonly to: number }
  | { readonly output: string; readonly kind: 'category'; readonly from: string; readonly to: string };

/** newly: what the recorded one was not. */
export type Verdict = 'same' | 'different' | 'newlyRefused' | 'newlyFailing' | 'newlyAnswered';

export interface Comparison {
  readonly verdict: Verdict;
  /** Of every output, those that are the same too; [] where one of the two is no prediction. */
  readonly changes: readonly Change[];
}

/** What is not there. */
export const none = '(none)';

const textOf = (leaf: Leaf | undefined): string =>
  leaf === undefined ? none : typeof leaf === 'string' ? leaf : leaf.join(', ');

const largestAt = (from: readonly number[], to: readonly number[]): number => {
  let largest = 0;
  for (let index = 1; index < from.length; index += 1)
    if (apart(from, to, index) > apart(from, to, largest)) largest = index;
  return largest;
};

const apart = (from: readonly number[], to: readonly number[], index: number): number =>
  Math.abs((to[index] ?? 0) - (from[index] ?? 0));

const changeOf = (output: string, from: Leaf | undefined, to: Leaf | undefined): Change => {
  const areNumbers = typeof from === 'object' && typeof to === 'object';
  if (!areNumbers || from.length !== to.length || from.length === 0)
    return { output, kind: 'category', from: textOf(from), to: textOf(to) };
  const index = largestAt(from, to);
  return { output, kind: 'number', from: from[index] ?? 0, to: to[index] ?? 0 };
};

/** Whether a change is more than the noise of floating point. */
export const isChange = (change: Change, tolerance: number): boolean => {
  if (change.kind === 'category') return change.from !== change.to;
  const { from, to } = change;
  return Math.abs(to - from) > tolerance * Math.max(1, Math.abs(from), Math.abs(to));
};

/**
 * What another release makes of the same input, against what was recorded.
 * @param tolerance numbers are the same that differ by this part of the larger one, or of 1
 */
export const compareOutcomes = (recorded: Outcome, replayed: Outcome, tolerance: number): Comparison => {
  if (replayed.kind === 'failure') return { verdict: 'newlyFailing', changes: [] };
  if (replayed.kind === 'refusal') {
    if (recorded.kind !== 'refusal') return { verdict: 'newlyRefused', changes: [] };
    return { verdict: recorded.code === replayed.code ? 'same' : 'different', changes: [] };
  }
  if (recorded.kind !== 'prediction') return { verdict: 'newlyAnswered', changes: [] };
  const outputs = new Set([...recorded.outputs.keys(), ...replayed.outputs.keys()]);
  const changes = Array.from(outputs, (output) =>
    changeOf(output, recorded.outputs.get(output), replayed.outputs.get(output)),
  );
  const differs = changes.some((change) => isChange(change, tolerance));
  return { verdict: differs ? 'different' : 'same', changes };
};
