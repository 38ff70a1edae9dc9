import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tensor } from '@sluice/kernel/tensor/tensor';
import { answerOf, numbersIn, rowsOf, testJob } from '../testing/jobs.ts';
import { type BatchReport, runBatch } from './run-batch.ts';

/** Ten times each number; a 13 is too much. */
const run = async ([x]: readonly Tensor[]): Promise<Tensor[]> => {
  assert.ok(x !== undefined);
  const numbers = numbersIn(x);
  if (numbers.includes(13)) throw new Error('13 is out of bounds');
  return [{ ...rowsOf(...numbers.map((value) => value * 10)), name: 'y' }];
};

const jobOf = (...values: number[]) => testJob({ inputs: [rowsOf(...values)], enqueuedAt: 1 });
/** A clock that goes on by 1 ms with each look. */
const clock = () => {
  let ms = 10;
  return () => ms++;
};
const runAll = async (jobs: readonly ReturnType<typeof jobOf>[], graph = run) => {
  const reports: BatchReport[] = [];
  await runBatch(
    jobs.map(({ job }) => job),
    { run: graph, now: clock(), report: (report) => reports.push(report) },
  );
  return reports;
};

test('each member gets its own rows of the batch', async () => {
  const jobs = [jobOf(1, 2), jobOf(), jobOf(3)];
  const [report, ...more] = await runAll(jobs);
  assert.deepEqual(jobs.map(answerOf), [[10, 20], [], [30]]);
  assert.equal(report?.jobs.length, 3);
  assert.deepEqual(more, []);
});

test('times are in microseconds, and one member stands for the batch', async () => {
  const jobs = [jobOf(1), jobOf(2)];
  await runAll(jobs);
  const timings = jobs.map(
    ({ outcomes: [outcome] }) => outcome !== undefined && 'timings' in outcome && outcome.timings,
  );
  const shared = {
    queueUs: 9000,
    computeInputUs: 1000,
    computeInferUs: 1000,
    computeOutputUs: 1000,
    batchSize: 2,
  };
  assert.deepEqual(timings, [
    { ...shared, leadsBatch: true },
    { ...shared, leadsBatch: false },
  ]);
});

test('one bad member of a batch fails alone', async () => {
  const jobs = [jobOf(1), jobOf(13), jobOf(3)];
  const reports = await runAll(jobs);
  assert.deepEqual(jobs.map(answerOf), [[10], 'COMPUTE_FAILED', [30]]);
  assert.deepEqual(
    reports.map(({ jobs: members, error }) => [members.length, error?.message]),
    [
      [1, undefined],
      [1, 'the graph failed: 13 is out of bounds'],
      [1, undefined],
    ],
  );
  for (const { outcomes } of jobs) assert.equal(outcomes.length, 1);
});

test('a graph whose output does not follow the batch is run for each member alone', async () => {
  const constant = async (): Promise<Tensor[]> => [{ ...rowsOf(7), name: 'y' }];
  const jobs = [jobOf(1), jobOf(2)];
  await runAll(jobs, constant);
  assert.deepEqual(jobs.map(answerOf), [[7], [7]]);
});

test('a lone member is answered with whatever the graph gives', async () => {
  const scalar = async (): Promise<Tensor[]> => [{ ...rowsOf(7), shape: [] }];
  const [job] = [jobOf(1, 2, 3)];
  await runAll([job], scalar);
  assert.deepEqual(answerOf(job), [7]);
});
