import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterBatch, afterEnd, type CellRecord, cleanRecord } from './cell-record.ts';

const shortLife = 1_000;
const goodLife = 30_000;

/** The waits before replacements when each cell completes a batch and then ends. */
const delays = (lives: readonly number[]): (number | undefined)[] => {
  let record: CellRecord = cleanRecord;
  return lives.map((livedMs) => {
    const verdict = afterEnd(afterBatch(record), livedMs);
    record = verdict.record;
    return verdict.afterMs;
  });
};

test('the first end is followed by a replacement, the second without a batch between by a quarantine', () => {
  const first = afterEnd(cleanRecord, shortLife);
  assert.equal(first.afterMs, 100);
  assert.equal(afterEnd(first.record, shortLife).afterMs, undefined);
});

test('a batch between two ends clears the release', () => {
  const first = afterEnd(cleanRecord, shortLife);
  assert.equal(afterEnd(afterBatch(first.record), shortLife).afterMs, 200);
});

test('a long life alone does not: a cell that computed nothing proves nothing', () => {
  const first = afterEnd(cleanRecord, shortLife);
  assert.equal(afterEnd(first.record, goodLife).afterMs, undefined);
});

test('after a quarantine one more end without a batch is enough', () => {
  const second = afterEnd(afterEnd(cleanRecord, shortLife).record, shortLife);
  assert.equal(afterEnd(second.record, shortLife).afterMs, undefined);
});

test('replacements come later and later, up to a bound, and at once again after a good life', () => {
  const lives = [...new Array<number>(9).fill(shortLife), goodLife, shortLife];
  assert.deepEqual(delays(lives), [100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000, 100, 200]);
});
