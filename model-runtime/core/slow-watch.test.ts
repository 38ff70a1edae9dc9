import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSlowWatch, windowSize } from './slow-watch.ts';

/** The medians that were told of for these times, with a threshold of 1 ms. */
const toldOf = (times: readonly number[]): number[] => {
  const told: number[] = [];
  const watch = createSlowWatch(1, (medianMs) => told.push(medianMs));
  for (const ms of times) watch(ms);
  return told;
};
const batches = (count: number, ms: number): number[] => new Array<number>(count).fill(ms);

const rows: readonly (readonly [what: string, times: readonly number[], told: readonly number[]])[] = [
  ['fast ones', batches(10 * windowSize, 0.9), []],
  ['just at the threshold', batches(windowSize, 1), []],
  ['slow ones, but not a whole window of them', batches(windowSize - 1, 50), []],
  ['a whole window of slow ones', batches(windowSize, 50), [50]],
  ['two windows of slow ones', batches(2 * windowSize, 50), [50, 50]],
  [
    'outliers in less than half of a window',
    [...batches(windowSize / 2 - 1, 50), ...batches(windowSize, 0.1)],
    [],
  ],
  ['more than half of a window', [...batches(windowSize / 2 - 1, 0.1), ...batches(windowSize, 2)], [2]],
];
for (const [what, times, told] of rows) {
  test(`a release is ${told.length > 0 ? 'slow' : 'not slow'}: ${what}`, () => {
    assert.deepEqual(toldOf(times), told);
  });
}
