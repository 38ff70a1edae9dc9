import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { testJob } from '../testing/jobs.ts';
import { isBefore, type Job } from './job.ts';
import { createOrderedJobs } from './ordered-jobs.ts';

const byOrder = (one: Job, other: Job): number => (isBefore(one, other) ? -1 : isBefore(other, one) ? 1 : 0);
const anyJob = fc
  .record({ deadlineAt: fc.oneof(fc.nat(5), fc.constant(Number.POSITIVE_INFINITY)), enqueuedAt: fc.nat(3) })
  .map((options) => testJob(options).job);
/** Put one in, take the first out, or take out the one that was put in so many steps ago. */
const anyStep = fc.oneof(
  { weight: 3, arbitrary: anyJob.map((job) => ({ kind: 'push', job }) as const) },
  fc.constant({ kind: 'shift' } as const),
  fc.nat(20).map((back) => ({ kind: 'remove', back }) as const),
);

test('jobs leave by deadline, then arrival, whatever is put in and taken out between', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 300 }), (steps) => {
      const jobs = createOrderedJobs();
      const pushed: Job[] = [];
      let model: Job[] = [];
      for (const step of steps) {
        if (step.kind === 'push') {
          jobs.push(step.job);
          pushed.push(step.job);
          model = [...model, step.job].sort(byOrder);
        } else if (step.kind === 'shift') {
          assert.equal(jobs.shift(), model.shift());
        } else {
          const job = pushed.at(-step.back);
          if (job !== undefined) assert.equal(jobs.remove(job), model.includes(job));
          model = model.filter((other) => other !== job);
        }
        assert.deepEqual([jobs.size, jobs.first], [model.length, model[0]]);
      }
      assert.deepEqual([...jobs], model);
    }),
  );
});
