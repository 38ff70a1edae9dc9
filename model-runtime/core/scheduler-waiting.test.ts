import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { answerOf } from '../testing/jobs.ts';
import type { Asked, Request } from '../testing/simulated-release.ts';
import { anyDelayedRule, anyRelease, limits, simulate, withoutDelay } from '../testing/simulations.ts';
import type { BatchRule } from './batch-rule.ts';

test('the session is never idle while something is queued that need not wait', async () => {
  const property = fc.asyncProperty(withoutDelay, async ({ clock, releases }) => {
    await clock.run(() => {
      for (const { worker } of releases) assert.equal(worker.queued, 0);
    });
  });
  await fc.assert(property);
});

const checkWaiting = (asked: readonly Asked[], now: number, rule: BatchRule): void => {
  const queued = asked.filter(({ state }) => state === 'queued');
  for (const { job } of queued) {
    assert.ok(now < job.enqueuedAt + rule.maxDelayMs + 1e-9);
    const lane = queued.filter((other) => other.job.shapeKey === job.shapeKey);
    const rows = lane.reduce((sum, other) => sum + other.job.rows, 0);
    assert.ok(rows < (rule.preferredRows[0] ?? rule.maxRows));
  }
};

test('while the session is free nothing waits longer than the delay, nor past a full batch', async () => {
  const property = fc.asyncProperty(anyRelease(anyDelayedRule), async (release) => {
    const { clock, releases } = simulate([release]);
    await clock.run(() => {
      for (const { asked } of releases) checkWaiting(asked, clock.now(), release[1].rule);
    });
  });
  await fc.assert(property);
});

test('waiting for others makes nothing late', async () => {
  const rule = { maxRows: 8, maxBytes: 1_000, preferredRows: [], maxDelayMs: 50 };
  const spaced = fc.array(fc.integer({ min: 4, max: 90 }), { maxLength: 30 });
  const property = fc.asyncProperty(spaced, fc.nat(2), async (deadlines, cost) => {
    const requests = deadlines.map((deadlineInMs, index): Request => {
      const usual = { rows: 1, width: 1, priority: 0, cancelInMs: Number.POSITIVE_INFINITY };
      return { ...usual, at: index * 10, deadlineInMs };
    });
    const { clock, releases } = simulate([[requests, { limits, rule, costMs: () => cost }]]);
    await clock.run();
    for (const each of releases[0]?.asked ?? []) assert.ok(Array.isArray(answerOf(each)));
  });
  await fc.assert(property);
});
