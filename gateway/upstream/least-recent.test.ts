import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LeastRecent } from './least-recent.ts';

test('the least value counts for at least five seconds, and for ten at most', () => {
  const least = new LeastRecent();
  assert.equal(least.observe(3, 1_000), 3);
  assert.equal(least.observe(7, 2_000), 3);
  assert.equal(least.observe(7, 6_500), 3);
  assert.equal(least.observe(9, 11_600), 7);
  assert.equal(least.observe(8, 12_000), 7);
});

test('after a silence nothing earlier counts', () => {
  const least = new LeastRecent();
  least.observe(3, 1_000);
  assert.equal(least.observe(9, 60_000), 9);
});
