import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { overload } from '../../testing/overload.ts';
import { type SimulatedModel, simulate } from '../../testing/simulation.ts';

/** The limit against simulated batchers, on a virtual clock. */

const quick: SimulatedModel = { maxBatch: 64, batchMs: (size) => 0.1 + 0.011 * size };
const unbatched: SimulatedModel = { maxBatch: 1, batchMs: () => 1 };
const heavy: SimulatedModel = { maxBatch: 64, batchMs: () => 50 };

/** Limits of the second half. */
const settled = (limits: readonly number[]): readonly number[] => limits.slice(limits.length >> 1);

suite('the adaptive limit in front of a batcher', () => {
  for (const clients of [64, 256]) {
    test(`leaves a healthy model of 11 µs a row alone at ${clients} in flight`, () => {
      const { limits } = simulate({ model: quick, clients: { 100: clients }, ms: 2_000 });
      assert.deepEqual(new Set(limits), new Set([1_024]));
    });
  }

  test('costs a model of 11 µs a row nothing when it does limit it', () => {
    const [free, limited] = [1_000_000, 5].map((targetMs) =>
      simulate({ model: quick, clients: { 100: 1_000 }, ms: 4_000, targetMs }),
    );
    assert.ok(settled(limited?.limits ?? []).every((limit) => limit < 1_000));
    assert.ok((limited?.perSecond ?? 0) > 0.99 * (free?.perSecond ?? 0));
  });

  for (const clients of [64, 256, 1_000]) {
    test(`keeps the queue of a model of 1 ms without a batch axis short, and the model busy, at ${clients} in flight`, () => {
      const { limits, perSecond, longestQueueMs } = simulate({
        model: unbatched,
        clients: { 100: clients },
        ms: 10_000,
      });
      assert.ok(
        settled(limits).every((limit) => limit >= 4 && limit <= 14),
        settled(limits).join(' '),
      );
      assert.ok(perSecond > 990, `${perSecond} a second`);
      assert.ok(longestQueueMs < 15, `${longestQueueMs} ms`);
    });
  }

  test('is there within a second', () => {
    const { limits } = simulate({ model: unbatched, clients: { 100: 256 }, ms: 1_000 });
    assert.ok((limits.at(-1) ?? 0) < 14, limits.join(' '));
  });

  for (const clients of [256, 2_000]) {
    test(`keeps batches of 64 that take 50 ms full, at ${clients} in flight`, () => {
      const { limits, perSecond, longestQueueMs } = simulate({
        model: heavy,
        clients: { 100: clients },
        ms: 30_000,
      });
      assert.ok(
        settled(limits).every((limit) => limit >= 128 && limit <= 320),
        settled(limits).join(' '),
      );
      assert.ok(perSecond > 1_250, `${perSecond} of 1280 a second`);
      assert.ok(longestQueueMs <= 200, `${longestQueueMs} ms`);
    });
  }

  test('comes down when a model slows down a thousandfold, and up again when that is over', () => {
    const slowed = (_: number, now: number): number => (now > 2_000 && now < 32_000 ? 50 : 0.05);
    const { limits } = simulate({
      model: { maxBatch: 1, batchMs: slowed },
      clients: { 100: 256 },
      ms: 40_000,
    });
    assert.ok((limits[15] ?? 0) >= 80, 'before');
    assert.ok(Math.min(...limits.slice(20, 320)) <= 8, 'while it is slow');
    assert.ok((limits.at(-1) ?? 0) >= 80, 'after it');
  });

  test('is not misled by the short waits of urgent requests', () => {
    // Half of each batch at most is theirs.
    const { limits, answered } = simulate({
      model: { maxBatch: 8, batchMs: () => 1 },
      clients: { 1: 4, 100: 256 },
      ms: 10_000,
    });
    assert.ok((answered[1] ?? 0) > 15_000);
    assert.ok(
      settled(limits).every((limit) => limit >= 24 && limit <= 80),
      settled(limits).join(' '),
    );
  });
});

suite('a model of 1 ms that is asked more than it can answer', () => {
  for (const timesPeak of [1.2, 2, 5, 20])
    for (const deadlineMs of [20, 250]) {
      test(`answers nearly all that wait, and wastes little, at ${timesPeak} times its peak with ${deadlineMs} ms`, () => {
        const { answered, disappointed } = overload({
          everyMs: 1 / timesPeak,
          computeMs: 1,
          deadlineMs,
          ms: 20_000,
        });
        assert.ok(disappointed < 0.01, `${disappointed} were made to wait in vain`);
        assert.ok(answered * timesPeak > 0.95, `${answered * timesPeak} of its peak`);
      });
    }
});
