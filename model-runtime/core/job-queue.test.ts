import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type TestJobOptions, testJob } from '../testing/jobs.ts';
import type { BatchRule } from './batch-rule.ts';
import type { Job } from './job.ts';
import { createJobQueue } from './job-queue.ts';

const limits = { maxEntries: 4, maxBytes: 100 };
const roomy = { maxEntries: 1_000, maxBytes: Number.POSITIVE_INFINITY };
const rule = (more: Partial<BatchRule> = {}): BatchRule => ({
  maxRows: 8,
  maxBytes: 1_000,
  preferredRows: [],
  maxDelayMs: 0,
  ...more,
});
const job = (options: TestJobOptions = {}): Job => testJob(options).job;
const wide = (rows: number, width: number): Job =>
  job({
    inputs: [{ name: 'x', datatype: 'UINT8', shape: [rows, width], data: new Uint8Array(rows * width) }],
  });
const bytes = (count: number): Job => wide(1, count);
/** A queue with these jobs, and taking a batch of it. */
const filled = (jobs: readonly Job[], batchRule = rule()) => {
  const queue = createJobQueue(roomy, batchRule);
  for (const each of jobs) assert.equal(queue.push(each), true);
  return { queue, take: (now = 0, computeMs?: number) => queue.takeBatch(now, computeMs) };
};

test('jobs leave by priority, then deadline, then arrival', () => {
  const [last, urgent, early, first, second] = [
    job({ priority: 101, deadlineAt: 1 }),
    job({ priority: 99 }),
    job({ deadlineAt: 5 }),
    job({ enqueuedAt: 1 }),
    job({ enqueuedAt: 2 }),
  ];
  const { take } = filled([last, first, second, early, urgent]);
  assert.deepEqual(take(), [urgent, early, first, second, last]);
});

test('a queue takes as many entries as it may have', () => {
  const queue = createJobQueue(limits, rule());
  for (let entry = 0; entry < 4; entry += 1) assert.equal(queue.push(job()), true);
  assert.equal(queue.push(job()), false);
  assert.deepEqual([queue.size, queue.rows, queue.bytes], [4, 4, 16]);
  queue.takeBatch(0, undefined);
  assert.deepEqual([queue.size, queue.rows, queue.bytes], [0, 0, 0]);
  assert.equal(queue.push(job()), true);
});

test('a queue is bounded in bytes, but one job is taken however large it is', () => {
  const queue = createJobQueue(limits, rule());
  assert.equal(queue.push(bytes(1_000)), true);
  assert.equal(queue.push(bytes(1)), false);
  queue.takeBatch(0, undefined);
  assert.equal(queue.push(bytes(60)), true);
  assert.equal(queue.push(bytes(41)), false);
  assert.equal(queue.push(bytes(40)), true);
});

test('a job that is removed frees its place, and is not removed twice', () => {
  const queue = createJobQueue(limits, rule());
  const [first, second] = [bytes(60), bytes(40)];
  queue.push(first);
  queue.push(second);
  assert.equal(queue.remove(first), true);
  assert.equal(queue.remove(first), false);
  assert.equal(queue.remove(job()), false);
  assert.equal(queue.push(bytes(60)), true);
});

test('what is late is found in every lane and at every priority', () => {
  const late = [1, 2].flatMap((width) => [
    { ...wide(1, width), deadlineAt: 9 },
    { ...wide(1, width), deadlineAt: 10, priority: 7 },
  ]);
  const kept = { ...wide(1, 3), deadlineAt: 10.001 };
  const { queue, take } = filled([...late, kept]);
  assert.deepEqual(queue.takeLate(8), []);
  assert.deepEqual(new Set(queue.takeLate(10)), new Set(late));
  assert.deepEqual(queue.takeLate(10), []);
  assert.deepEqual(take(), [kept]);
  assert.deepEqual([queue.size, queue.rows, queue.bytes], [0, 0, 0]);
});

const batches: readonly [what: string, jobs: Job[], more: Partial<BatchRule>, taken: number[]][] = [
  ['all that fit', [wide(2, 1), wide(2, 1), wide(2, 1)], { maxRows: 6 }, [0, 1, 2]],
  ['those that fit wholly', [wide(2, 1), wide(2, 1), wide(2, 1)], { maxRows: 5 }, [0, 1]],
  ['one that is larger than a batch', [wide(9, 1), wide(1, 1)], { maxRows: 5 }, [0]],
  ['those of one shape', [wide(1, 2), wide(1, 2), wide(1, 3), wide(1, 2)], {}, [0, 1, 3]],
  ['one where there is no batch axis', [wide(1, 1), wide(1, 1)], { maxRows: 1 }, [0]],
  ['empty ones too', [wide(0, 1), wide(1, 1), wide(0, 1)], { maxRows: 4 }, [0, 1, 2]],
  ['those whose bytes fit', [wide(1, 40), wide(1, 40), wide(1, 40)], { maxBytes: 100 }, [0, 1]],
  ['one with more bytes than a batch may have', [wide(1, 400), wide(1, 400)], { maxBytes: 100 }, [0]],
  ['the largest preferred size', new Array(7).fill(wide(1, 1)), { preferredRows: [2, 4] }, [0, 1, 2, 3]],
  ['all, if no preferred size can be filled', [wide(1, 1), wide(1, 1)], { preferredRows: [4] }, [0, 1]],
];

for (const [what, jobs, more, taken] of batches) {
  test(`a batch is made of ${what}`, () => {
    const { queue, take } = filled(jobs, rule(more));
    assert.deepEqual(
      take(),
      taken.map((index) => jobs[index]),
    );
    assert.equal(queue.size, jobs.length - taken.length);
  });
}

test('the lane whose first job is the most urgent is served first', () => {
  const [early, urgent] = [
    { ...wide(1, 1), enqueuedAt: 0 },
    { ...wide(1, 2), enqueuedAt: 9, priority: 1 },
  ];
  const { take } = filled([early, urgent]);
  assert.deepEqual([take(), take(), take()], [[urgent], [early], []]);
});

const waiting: readonly [what: string, jobs: Job[], more: Partial<BatchRule>, dueAt: number][] = [
  ['nothing is queued', [], {}, Number.POSITIVE_INFINITY],
  ['at once without a delay', [job()], { maxDelayMs: 0 }, Number.NEGATIVE_INFINITY],
  ['when the oldest has waited', [job({ enqueuedAt: 7, deadlineAt: 90 }), job({ enqueuedAt: 4 })], {}, 24],
  ['before a deadline, less what a batch takes', [job({ deadlineAt: 15 })], {}, 11],
  ['at once when it is full', new Array(8).fill(job()), {}, Number.NEGATIVE_INFINITY],
  ['at once at a preferred size', [job(), job()], { preferredRows: [2, 4] }, Number.NEGATIVE_INFINITY],
  ['at once when one request fills it', [wide(8, 1)], {}, Number.NEGATIVE_INFINITY],
  ['at once when as many came as fit', new Array(8).fill(wide(0, 1)), {}, Number.NEGATIVE_INFINITY],
  ['when the first of two shapes is', [wide(1, 1), { ...wide(1, 2), deadlineAt: 15 }], {}, 11],
];

for (const [what, jobs, more, dueAt] of waiting) {
  test(`a batch that may wait is due: ${what}`, () => {
    const { queue, take } = filled(jobs, rule({ maxDelayMs: 20, ...more }));
    assert.equal(queue.dueAt(3), dueAt);
    if (Number.isFinite(dueAt)) assert.deepEqual(take(dueAt - 0.01, 3), []);
    assert.equal(take(dueAt, 3).length > 0, jobs.length > 0);
  });
}

test('nothing waits until it is known what a batch takes', () => {
  const { queue, take } = filled([job()], rule({ maxDelayMs: 20 }));
  assert.equal(queue.dueAt(undefined), Number.NEGATIVE_INFINITY);
  assert.equal(take().length, 1);
});

test('a lane that waits does not hold up one that is due', () => {
  const due = { ...wide(8, 2), priority: 500 };
  const { take } = filled([wide(1, 1), due], rule({ maxDelayMs: 20 }));
  assert.deepEqual(take(0, 3), [due]);
});

test('every job leaves once and in the order of its lane, whatever comes and goes', () => {
  const anyJob = fc
    .record({
      rows: fc.nat(3),
      width: fc.integer({ min: 1, max: 3 }),
      priority: fc.nat(2),
      deadlineAt: fc.nat(4),
    })
    .map(({ rows, width, ...more }) => ({ ...wide(rows, width), ...more }));
  fc.assert(
    fc.property(fc.array(anyJob), fc.integer({ min: 1, max: 6 }), (jobs, maxRows) => {
      const { queue, take } = filled(jobs, rule({ maxRows }));
      const left: Job[] = [];
      while (queue.size > 0) {
        const batch = take();
        const rows = batch.reduce((sum, each) => sum + each.rows, 0);
        assert.ok(batch.length === 1 || (rows <= maxRows && batch.length <= maxRows));
        assert.equal(new Set(batch.map(({ shapeKey }) => shapeKey)).size, 1);
        left.push(...batch);
      }
      for (const lane of new Set(jobs.map(({ shapeKey }) => shapeKey))) {
        const ofLane = (each: Job): boolean => each.shapeKey === lane;
        assert.deepEqual(
          left.filter(ofLane),
          jobs.filter(ofLane).sort((a, b) => a.priority - b.priority || a.deadlineAt - b.deadlineAt),
        );
      }
    }),
  );
});
