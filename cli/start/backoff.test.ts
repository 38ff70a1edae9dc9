import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextDelayMs } from './backoff.ts';

test('the delay doubles from 0.2 s to 10 s', () => {
  const delays: number[] = [];
  for (let i = 0; i < 8; i++) delays.push(nextDelayMs(delays.at(-1), 100));
  assert.deepEqual(delays, [200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
});

test('half a minute of life forgives what was before', () => {
  assert.equal(nextDelayMs(10_000, 29_999), 10_000);
  assert.equal(nextDelayMs(10_000, 30_000), 200);
});
