import assert from 'node:assert/strict';
import { test } from 'node:test';
import { percentile, spreadOf } from './statistics.ts';

test('a percentile is a value of the list: the nearest rank', () => {
  const hundred = Float64Array.from({ length: 100 }, (_, index) => index + 1);
  assert.deepEqual(
    [0, 0.01, 0.5, 0.99, 1].map((share) => percentile(hundred, share)),
    [1, 1, 50, 99, 100],
  );
  assert.equal(percentile([7], 0.99), 7);
  assert.ok(Number.isNaN(percentile([], 0.5)));
});

test('a spread does not depend on the order', () => {
  assert.deepEqual(spreadOf([3, 10, 2]), { median: 3, least: 2, most: 10 });
});

test('the median of an even number of values is the mean of the middle two', () => {
  assert.deepEqual(spreadOf([4, 1, 3, 2]), { median: 2.5, least: 1, most: 4 });
  assert.equal(spreadOf([]), undefined);
});
