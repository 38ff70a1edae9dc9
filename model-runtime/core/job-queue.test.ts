import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { answerOf, rowsOf, type TestJob, testJob } from '../testing/jobs.ts';
import { createJobQueue } from './job-queue.ts';

const limits = { maxEntries: 4, maxBytes: 100 };
const bytes = (count: number): TestJob =>
  testJob({ inputs: [{ name: 'x', datatype: 'UINT8', shape: [1, count], data: new Uint8Array(count) }] });

test('jobs leave in the order in which they came', () => {
  const queue = createJobQueue(limits);
  const jobs = [1, 2, 3].map((value) => testJob({ inputs: [rowsOf(value)] }).job);
  for (const job of jobs) assert.equal(queue.push(job), undefined);
  assert.equal(queue.size, 3);
  assert.deepEqual(queue.takeBatch(2, 0), jobs.slice(0, 2));
  assert.deepEqual(queue.takeBatch(2, 0), jobs.slice(2));
  assert.deepEqual(queue.takeBatch(2, 0), []);
});

test('a queue with as many entries as it may have takes no more, and says when to try again', () => {
  const queue = createJobQueue(limits);
  for (let entry = 0; entry < 4; entry += 1) queue.push(testJob().job);
  const refused = queue.push(testJob().job);
  assert.equal(refused?.code, 'QUEUE_FULL');
  assert.match(refused.message, /4 of 4 requests, 16 of 100 bytes/);
  assert.ok((refused.retryAfterMs ?? 0) > 0);
  assert.equal(queue.size, 4);
  queue.takeBatch(1, 0);
  assert.equal(queue.push(testJob().job), undefined);
});

test('a queue is bounded in bytes, but one job is taken however large it is', () => {
  const queue = createJobQueue(limits);
  assert.equal(queue.push(bytes(1_000).job), undefined);
  assert.equal(queue.push(bytes(1).job)?.code, 'QUEUE_FULL');
  queue.takeBatch(1, 0);
  assert.equal(queue.push(bytes(60).job), undefined);
  assert.equal(queue.push(bytes(41).job)?.code, 'QUEUE_FULL');
  assert.equal(queue.push(bytes(40).job), undefined);
});

test('a job that is removed frees its place, and is not removed twice', () => {
  const queue = createJobQueue(limits);
  const [first, second] = [bytes(60).job, bytes(40).job];
  queue.push(first);
  queue.push(second);
  assert.equal(queue.remove(first), true);
  assert.equal(queue.remove(first), false);
  assert.equal(queue.push(bytes(60).job), undefined);
  assert.equal(queue.takeBatch(1, 0)[0], second);
});

test('what is late is settled with DEADLINE_EXCEEDED instead of being taken', () => {
  const queue = createJobQueue(limits);
  const late = testJob({ deadlineAt: 10 });
  const last = testJob({ deadlineAt: 10.001 });
  queue.push(late.job);
  queue.push(last.job);
  assert.deepEqual(queue.takeBatch(8, 10), [last.job]);
  assert.equal(answerOf(late), 'DEADLINE_EXCEEDED');
  assert.deepEqual(last.outcomes, []);
  assert.equal(queue.size, 0);
  assert.equal(queue.push(bytes(100).job), undefined);
});

const wide = (rows: number, width: number) =>
  testJob({
    inputs: [{ name: 'x', datatype: 'UINT8', shape: [rows, width], data: new Uint8Array(rows * width) }],
  }).job;
const batches: readonly [what: string, jobs: ReturnType<typeof wide>[], maxRows: number, taken: number][] = [
  ['all that fit', [wide(2, 1), wide(2, 1), wide(2, 1)], 6, 3],
  ['those that fit wholly', [wide(2, 1), wide(2, 1), wide(2, 1)], 5, 2],
  ['one that is larger than a batch', [wide(9, 1), wide(1, 1)], 5, 1],
  ['those of one shape', [wide(1, 2), wide(1, 2), wide(1, 3), wide(1, 2)], 8, 2],
  ['one where there is no batch axis', [wide(1, 1), wide(1, 1)], 1, 1],
  ['empty ones too', [wide(0, 1), wide(1, 1), wide(0, 1)], 4, 3],
];

for (const [what, jobs, maxRows, taken] of batches) {
  test(`a batch is made of ${what}`, () => {
    const queue = createJobQueue({ maxEntries: 10, maxBytes: 1_000 });
    for (const job of jobs) queue.push(job);
    assert.deepEqual(queue.takeBatch(maxRows, 0), jobs.slice(0, taken));
    assert.equal(queue.size, jobs.length - taken);
  });
}

test('every job leaves once and in order, whatever the shapes, and a batch agrees in itself', () => {
  const job = fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 2 })).map(([rows, width]) => wide(rows, width));
  fc.assert(
    fc.property(fc.array(job), fc.integer({ min: 1, max: 6 }), (jobs, maxRows) => {
      const queue = createJobQueue({ maxEntries: jobs.length, maxBytes: Number.POSITIVE_INFINITY });
      for (const each of jobs) queue.push(each);
      const left = [];
      while (queue.size > 0) {
        const batch = queue.takeBatch(maxRows, 0);
        const rows = batch.reduce((sum, each) => sum + each.rows, 0);
        assert.ok(batch.length === 1 || rows <= maxRows);
        assert.equal(new Set(batch.map(({ shapeKey }) => shapeKey)).size, 1);
        left.push(...batch);
      }
      assert.deepEqual(left, jobs);
    }),
  );
});
