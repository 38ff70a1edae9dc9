import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { answerOf } from '../testing/jobs.ts';
import type { Asked, SimulatedBatch, SimulatedRelease } from '../testing/simulated-release.ts';
import {
  always,
  anyDelayedRule,
  anyRelease,
  anyRule,
  limits,
  simulate,
  withoutDelay,
} from '../testing/simulations.ts';
import type { BatchRule } from './batch-rule.ts';
import { isBefore, type Job } from './job.ts';

/** The number that stands in each of its rows, a code, or nothing. */
const answeredWith = (each: Asked): number | string | undefined => {
  const answer = answerOf(each);
  if (!Array.isArray(answer)) return answer;
  assert.equal(new Set(answer).size, 1);
  return answer[0];
};

test('every request is answered once with its own rows, refused, or cancelled; none is lost', () =>
  always(({ asked, worker }) => {
    assert.deepEqual([worker.queued, worker.queuedBytes], [0, 0]);
    for (const [index, each] of asked.entries()) {
      assert.match(each.state, /^(done|refused|cancelled)$/);
      assert.equal(each.outcomes.length, each.state === 'done' ? 1 : 0);
      const expected = [undefined, index, 'DEADLINE_EXCEEDED', 'COMPUTE_FAILED'];
      assert.ok(expected.includes(answeredWith(each)));
    }
  }));

test('only the requests at fault are told that computing failed', () =>
  always(({ asked }) => {
    const failed = [...asked.keys()].filter(
      (index) => asked[index] && answerOf(asked[index]) === 'COMPUTE_FAILED',
    );
    assert.ok(failed.every((index) => index % 5 === 3));
  }));

/** When a batch has failed its members are computed alone, in its order, while others may come. */
const chosen = ({ batches }: SimulatedRelease): readonly SimulatedBatch[] =>
  batches.filter(({ members }) => members.length > 1);
const jobsOf = (asked: readonly Asked[]): Job[] => asked.map(({ job }) => job);

test('nothing is computed in place of what should come before it in its lane', () =>
  always((release) => {
    for (const { members, leftBehind } of chosen(release)) {
      const last = jobsOf(members).reduce((one, other) => (isBefore(one, other) ? other : one));
      const lane = jobsOf(leftBehind).filter(({ shapeKey }) => shapeKey === last.shapeKey);
      assert.ok(lane.every((left) => !isBefore(left, last)));
    }
  }));

test('without a delay the lane whose first request is the most urgent is served', () =>
  always((release) => {
    for (const { members, leftBehind } of chosen(release)) {
      const first = jobsOf(members).reduce((one, other) => (isBefore(other, one) ? other : one));
      assert.ok(jobsOf(leftBehind).every((left) => !isBefore(left, first)));
    }
  }, withoutDelay));

const sumOf = (jobs: readonly Job[], what: 'rows' | 'bytes'): number =>
  jobs.reduce((sum, job) => sum + job[what], 0);

const checkBatch = (jobs: readonly Job[], rule: BatchRule): void => {
  if (jobs.length === 1) return;
  assert.ok(sumOf(jobs, 'rows') <= rule.maxRows);
  assert.ok(sumOf(jobs, 'bytes') <= rule.maxBytes);
  assert.equal(new Set(jobs.map(({ shapeKey }) => shapeKey)).size, 1);
};

test('neither the bounds of a queue nor those of a batch are passed', async () => {
  const property = fc.asyncProperty(
    fc.oneof(anyRelease(anyRule), anyRelease(anyDelayedRule)),
    async (release) => {
      const { clock, releases } = simulate([release]);
      const [{ asked, batches } = assert.fail()] = releases;
      const checkQueue = (): void => {
        const queued = jobsOf(asked.filter(({ state }) => state === 'queued'));
        assert.ok(queued.length <= limits.maxEntries);
        assert.ok(queued.length === 1 || sumOf(queued, 'bytes') <= limits.maxBytes);
      };
      for (let ms = 0; ms <= 100; ms += 0.5) clock.at(ms, checkQueue);
      await clock.run();
      for (const { members } of batches) checkBatch(jobsOf(members), release[1].rule);
    },
  );
  await fc.assert(property);
});

test('nothing is computed after its deadline', () =>
  always(({ batches }) => {
    for (const { members, startedAt } of batches)
      assert.ok(jobsOf(members).every(({ deadlineAt }) => deadlineAt > startedAt));
  }));

test('nothing is dropped that could be in time, if a batch takes what the dearest one took', () =>
  always(({ asked, batches }) => {
    const dearest = Math.max(0, ...batches.map(({ costMs }) => costMs));
    for (const each of asked)
      if (answerOf(each) === 'DEADLINE_EXCEEDED')
        assert.ok(each.job.deadlineAt <= each.settledAt + dearest + 1e-9);
  }));
