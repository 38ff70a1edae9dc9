import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tensor } from '@sluice/kernel/tensor/tensor';
import { answerOf, numbersIn, rowsOf, testJob } from '../testing/jobs.ts';
import { createArena } from './arena.ts';
import { type BatchReport, type RunBatchOptions, runBatch } from './run-batch.ts';

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
const runAll = async (
  jobs: readonly ReturnType<typeof jobOf>[],
  graph = run,
  options: Partial<RunBatchOptions> = {},
) => {
  const reports: BatchReport[] = [];
  await runBatch(
    jobs.map(({ job }) => job),
    {
      run: graph,
      hasBatchAxis: true,
      arena: createArena(),
      now: clock(),
      report: (report) => reports.push(report),
      fault: assert.ifError,
      ...options,
    },
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

const outputs: readonly [what: string, y: Tensor, hasBatchAxis: boolean, answer: unknown][] = [
  ['a row too few fails', rowsOf(1, 2), true, 'COMPUTE_FAILED'],
  ['a scalar fails', { ...rowsOf(7), shape: [] }, true, 'COMPUTE_FAILED'],
  ['as many rows as came is answered', rowsOf(1, 2, 3), true, [1, 2, 3]],
  ['anything is answered without a batch axis', { ...rowsOf(7), shape: [] }, false, [7]],
  ['NaN and infinities are answers', rowsOf(Number.NaN, 1 / 0, -0), true, [Number.NaN, 1 / 0, -0]],
];

for (const [what, y, hasBatchAxis, answer] of outputs) {
  test(`the output of a lone member of three rows: ${what}`, async () => {
    const job = jobOf(1, 2, 3);
    await runAll([job], async () => [y], { hasBatchAxis });
    assert.deepEqual(answerOf(job), answer);
  });
}

test('rows of NaN reach the member that they belong to', async () => {
  const jobs = [jobOf(1), jobOf(Number.NaN), jobOf(2)];
  await runAll(jobs);
  assert.deepEqual(jobs.map(answerOf), [[10], [Number.NaN], [20]]);
});

test('an output of the wrong shape says which and what was expected', async () => {
  const job = jobOf(1);
  const [report] = await runAll([job], async () => [{ ...rowsOf(1, 2), name: 'boxes' }]);
  assert.match(
    String(report?.error?.message),
    /output boxes has shape \[2,1\], expected 1 rows for the batch/,
  );
});

test('who is late when a failed batch is computed one by one is not computed', async () => {
  const jobs = [jobOf(13), testJob({ inputs: [rowsOf(2)], deadlineAt: 12 }), jobOf(3)];
  const reports = await runAll(jobs);
  assert.deepEqual(jobs.map(answerOf), ['COMPUTE_FAILED', 'DEADLINE_EXCEEDED', [30]]);
  assert.equal(reports.length, 2);
});

test('what throws while it is told of a batch hinders nobody', async () => {
  const faults: unknown[] = [];
  const fail = (): never => {
    throw new Error('no');
  };
  const [first, broken, last] = [jobOf(1), jobOf(2), jobOf(3)];
  const jobs = [first, { ...broken, job: { ...broken.job, settle: fail } }, last];
  await runAll(jobs, run, { report: fail, fault: (thrown) => faults.push(thrown) });
  assert.deepEqual([answerOf(first), answerOf(last)], [[10], [30]]);
  assert.deepEqual(faults.map(String), ['Error: no', 'Error: no']);
});

test('batches are gathered in the same memory, one after the other', async () => {
  const arena = createArena();
  const buffers: unknown[] = [];
  const note = async (inputs: readonly Tensor[]): Promise<Tensor[]> => {
    buffers.push(inputs[0]?.data.buffer);
    return run(inputs);
  };
  for (let batch = 0; batch < 1_000; batch += 1) await runAll([jobOf(1), jobOf(2)], note, { arena });
  assert.equal(new Set(buffers).size, 2, 'one while the arena was empty, and its own');
});
