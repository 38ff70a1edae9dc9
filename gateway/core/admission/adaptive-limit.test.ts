import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AdaptiveLimit } from './adaptive-limit.ts';
import type { Sample } from './interval.ts';

const usual: Sample = { queueMs: 0, computeMs: 1, inFlight: 1, priority: 100 };

/** An interval of eleven samples, the first of which is changed, from a time on. */
const feed = (
  limit: AdaptiveLimit,
  from: number,
  sample: Partial<Sample>,
  first: Partial<Sample> = {},
): void => {
  for (let index = 0; index <= 10; index += 1)
    limit.take({ ...usual, ...sample, ...(index === 0 ? first : {}) }, from + index * 10);
};

const start = (max = 100): AdaptiveLimit => new AdaptiveLimit({ targetMs: 5, max });

test('the limit begins at its maximum and stays there while no queue stands', () => {
  const limit = start();
  limit.reached(0);
  feed(limit, 0, { queueMs: 5 });
  assert.equal(limit.value, 100);
});

test('a standing queue lowers the limit, the more the longer it is, by half at most', () => {
  for (const [queueMs, expected] of [
    [5.1, 90],
    [5.5, 90],
    [8, 62],
    [1_000, 50],
  ] as const) {
    const limit = start();
    feed(limit, 0, { queueMs, inFlight: 100 });
    assert.equal(limit.value, expected, `${queueMs} ms`);
  }
});

test('one request without delay proves that no queue stands', () => {
  const limit = start();
  feed(limit, 0, { queueMs: 50, inFlight: 100 }, { queueMs: 0 });
  assert.equal(limit.value, 100);
});

test('an urgent request without delay proves nothing about those that it overtook', () => {
  const limit = start();
  feed(limit, 0, { queueMs: 50, inFlight: 100 }, { queueMs: 0, priority: 1 });
  assert.equal(limit.value, 50);
});

test('a queue of two batches is no congestion, however long a batch takes', () => {
  const limit = start();
  feed(limit, 0, { queueMs: 100, computeMs: 50, inFlight: 100 });
  assert.equal(limit.value, 100);
  feed(limit, 1_000, { queueMs: 101, computeMs: 50, inFlight: 100 });
  assert.equal(limit.value, 90);
});

test('it falls from what was in flight, not from a limit that nobody reached', () => {
  const limit = start(1_000);
  feed(limit, 0, { queueMs: 5.1, inFlight: 20 });
  assert.equal(limit.value, 18);
});

test('it never falls below four, or its maximum where that is less', () => {
  for (const [max, least] of [
    [100, 4],
    [2, 2],
  ] as const) {
    const limit = start(max);
    for (let round = 0; round < 20; round += 1) feed(limit, round * 1_000, { queueMs: 500, inFlight: 50 });
    assert.equal(limit.value, least);
  }
});

test('answers to what was admitted under a higher limit count as they would under the present one', () => {
  const limit = start();
  feed(limit, 0, { queueMs: 20, inFlight: 100 });
  assert.equal(limit.value, 50);
  feed(limit, 1_000, { queueMs: 10, inFlight: 100 });
  assert.equal(limit.value, 50);
  feed(limit, 2_000, { queueMs: 20, inFlight: 100 });
  assert.equal(limit.value, 25);
});

test('it rises by its square root when it kept somebody waiting, and not otherwise', () => {
  const limit = start();
  feed(limit, 0, { queueMs: 20, inFlight: 50 });
  assert.equal(limit.value, 25);
  feed(limit, 1_000, {});
  assert.equal(limit.value, 25);
  limit.reached(0);
  feed(limit, 2_000, {});
  assert.equal(limit.value, 30);
  limit.reached(0);
  feed(limit, 3_000, {});
  assert.equal(limit.value, 36);
});

test('it never rises above its maximum', () => {
  const limit = start();
  for (let round = 0; round < 5; round += 1) {
    limit.reached(0);
    feed(limit, round * 1_000, {});
  }
  assert.equal(limit.value, 100);
});

test('a full queue of a runtime halves the limit, though others did not wait', () => {
  const limit = start();
  limit.full();
  feed(limit, 0, { inFlight: 60 });
  assert.equal(limit.value, 30);
});

test('requests that expire below admission lower the limit although nothing is computed', () => {
  const limit = start();
  feed(limit, 0, { queueMs: 30_000, computeMs: undefined, inFlight: 80 });
  assert.equal(limit.value, 40);
});

test('a slow model is judged by few answers', () => {
  const limit = start();
  limit.take({ ...usual, queueMs: 9_000, computeMs: 3_000, inFlight: 80 }, 0);
  assert.equal(limit.value, 100);
  limit.take({ ...usual, queueMs: 12_000, computeMs: 3_000, inFlight: 80 }, 3_000);
  assert.equal(limit.value, 53);
});

test('after a pause an interval begins with the first answer, not with the pause', () => {
  const limit = start();
  feed(limit, 0, {});
  limit.take({ ...usual, queueMs: 500, inFlight: 50 }, 3_600_000);
  assert.equal(limit.value, 100);
});

test('the rate is that of the time in which the limit is reached', () => {
  const limit = start();
  assert.equal(limit.rate, undefined);
  limit.reached(0);
  feed(limit, 10, {});
  assert.equal(limit.rate, 0.1);
  limit.cleared();
  feed(limit, 1_000, {});
  assert.equal(limit.rate, undefined, 'it was not reached');
  for (const at of [2_000, 60_010, 60_020]) {
    if (at > 60_000) limit.reached(60_000);
    limit.take(usual, at);
  }
  assert.equal(limit.rate, 0.1, 'a pause does not count');
});
