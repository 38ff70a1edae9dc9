import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RetryTimes } from './retry-times.ts';

test('what failed is due after one second, then twice as late each time, a minute at most', () => {
  const retries = new RetryTimes();
  let now = 0;
  for (const waitMs of [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]) {
    assert.ok(retries.isDue(1, now));
    retries.failed(1, now);
    assert.ok(!retries.isDue(1, now + waitMs - 1));
    now += waitMs;
  }
  assert.ok(retries.isDue(2, 0), 'another one is not concerned');
});

test('a success forgives', () => {
  const retries = new RetryTimes();
  retries.failed(1, 0);
  retries.failed(1, 0);
  retries.succeeded(1);
  assert.ok(retries.isDue(1, 0));
  retries.failed(1, 0);
  assert.ok(retries.isDue(1, 1_000));
});
