import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createComputeTimes, freshMs } from './compute-times.ts';

const recorded = (...ms: readonly number[]) => {
  const times = createComputeTimes();
  for (const each of ms) times.record(each, 0);
  return times;
};

test('before a batch was computed nothing is known, and nothing is too late', () => {
  const times = createComputeTimes();
  assert.deepEqual([times.medianMs, times.longestMs, times.leastMs(0)], [undefined, undefined, 0]);
});

test('the shortest, the median and the longest of the recent batches are known', () => {
  const times = recorded(3, 2, 900, 2, 4);
  assert.deepEqual([times.leastMs(0), times.medianMs, times.longestMs], [2, 3, 900]);
});

test('only the recent batches count', () => {
  const times = recorded(1, 500, ...new Array<number>(16).fill(2));
  assert.deepEqual([times.leastMs(0), times.longestMs], [2, 2]);
});

test('a measurement is believed while it is fresh', () => {
  const times = recorded(100, 100);
  assert.equal(times.leastMs(freshMs), 100);
  assert.equal(times.leastMs(freshMs + 1), 0);
  times.record(120, freshMs + 2);
  assert.equal(times.leastMs(freshMs + 2), 100);
});

test('one batch that is quick again is enough to be taken for quick, one that was held up changes nothing', () => {
  const slow = recorded(100, 100, 100);
  slow.record(1, 5_000);
  assert.equal(slow.leastMs(5_000), 1);
  const quick = recorded(1, 1, 1);
  quick.record(5_000, 5_000);
  assert.equal(quick.leastMs(5_000), 1);
});
