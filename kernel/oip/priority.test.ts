import assert from 'node:assert/strict';
import { test } from 'node:test';
import { urgencyOf } from './priority.ts';

test('an unmarked request stands between those that are marked as more and as less urgent', () => {
  const marked = [500, 0, 101, 1, 99, 100];
  assert.deepEqual(
    marked.toSorted((one, other) => urgencyOf(one) - urgencyOf(other)),
    [1, 99, 0, 100, 101, 500],
  );
});
