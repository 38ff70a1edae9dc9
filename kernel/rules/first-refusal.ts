import type { Features } from '../features/value.ts';
import type { Refusal } from './judge.ts';

/** The first refusal of a row, which is named where there are several. */
export const firstRefusal = (
  rows: readonly Features[],
  judge: (row: Features, index: number) => Refusal | undefined,
): Refusal | undefined => {
  for (const [index, row] of rows.entries()) {
    const refusal = judge(row, index);
    if (refusal === undefined) continue;
    return rows.length === 1 ? refusal : { ...refusal, message: `row ${index}: ${refusal.message}` };
  }
  return undefined;
};
