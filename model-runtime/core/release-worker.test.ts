import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tensor } from '@sluice/kernel/tensor/tensor';
import { answerOf, numbersIn, rowsOf, testJob } from '../testing/jobs.ts';
import { createReleaseWorker } from './release-worker.ts';

/** A worker whose graph waits for the test: each run is recorded and goes on when it is told. */
const start = (maxRows = 8, maxEntries = 10) => {
  const runs: { readonly rows: number[]; readonly go: () => void }[] = [];
  let now = 0;
  const worker = createReleaseWorker({
    limits: { maxEntries, maxBytes: 1_000 },
    maxRows,
    now: () => now,
    turn: async () => undefined,
    report: () => undefined,
    run: async ([x]: readonly Tensor[]) => {
      assert.ok(x !== undefined);
      const { promise, resolve } = Promise.withResolvers<void>();
      runs.push({ rows: numbersIn(x), go: resolve });
      await promise;
      return [x];
    },
  });
  const submit = (...values: number[]) => {
    const made = testJob({ inputs: [rowsOf(...values)] });
    return { ...made, refused: worker.submit(made.job) };
  };
  const setNow = (ms: number) => {
    now = ms;
  };
  return { worker, runs, submit, setNow };
};
/** Lets what is ready run; nothing here waits for anything but promises. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('what is submitted in one turn is one batch', async () => {
  const { runs, submit } = start();
  const jobs = [submit(1), submit(2), submit(3)];
  assert.equal(runs.length, 0);
  await settled();
  assert.deepEqual(
    runs.map(({ rows }) => rows),
    [[1, 2, 3]],
  );
  runs[0]?.go();
  await settled();
  assert.deepEqual(jobs.map(answerOf), [[1], [2], [3]]);
});

test('what comes while the session is busy is the next batch, without any delay', async () => {
  const { worker, runs, submit } = start();
  submit(1);
  await settled();
  for (const value of [2, 3, 4]) {
    submit(value);
    await settled();
  }
  assert.equal(worker.queued, 3);
  assert.equal(runs.length, 1);
  runs[0]?.go();
  await settled();
  assert.deepEqual(runs[1]?.rows, [2, 3, 4]);
});

test('a batch holds no more rows than it may', async () => {
  const { runs, submit } = start(4);
  for (const value of [1, 2, 3]) submit(value, value);
  await settled();
  runs[0]?.go();
  await settled();
  assert.deepEqual(
    runs.map(({ rows }) => rows),
    [
      [1, 1, 2, 2],
      [3, 3],
    ],
  );
});

test('a job that is cancelled in the queue is neither computed nor settled', async () => {
  const { worker, runs, submit } = start();
  submit(1);
  await settled();
  const gone = submit(2);
  const kept = submit(3);
  worker.cancel(gone.job);
  runs[0]?.go();
  await settled();
  runs[1]?.go();
  await settled();
  assert.deepEqual(runs[1]?.rows, [3]);
  assert.deepEqual(gone.outcomes, []);
  assert.deepEqual(answerOf(kept), [3]);
});

test('a job that is late when the session is free is answered without being computed', async () => {
  const { worker, runs, submit, setNow } = start();
  submit(1);
  await settled();
  const late = testJob({ deadlineAt: 5 });
  worker.submit(late.job);
  setNow(6);
  runs[0]?.go();
  await worker.idle();
  assert.equal(answerOf(late), 'DEADLINE_EXCEEDED');
  assert.equal(runs.length, 1);
});

test('a full queue refuses at once, and goes on when there is room', async () => {
  const { worker, runs, submit } = start(1, 1);
  submit(1);
  await settled();
  assert.equal(submit(2).refused, undefined);
  assert.equal(submit(3).refused?.code, 'QUEUE_FULL');
  runs[0]?.go();
  await settled();
  assert.equal(submit(4).refused, undefined);
  assert.equal(worker.queued, 1);
});

test('idle waits for what is computed and what is queued, and not for more', async () => {
  const { worker, runs, submit } = start(1);
  await worker.idle();
  const jobs = [submit(1), submit(2)];
  let idle = false;
  const waiting = worker.idle().then(() => {
    idle = true;
  });
  for (const index of [0, 1]) {
    await settled();
    assert.equal(idle, false);
    runs[index]?.go();
  }
  await waiting;
  assert.deepEqual(jobs.map(answerOf), [[1], [2]]);
  submit(3);
  await settled();
  assert.equal(runs.length, 3);
});

test('after a failure the worker goes on', async () => {
  const { worker, runs, submit } = start();
  const wrong = testJob({ inputs: [] });
  worker.submit(wrong.job);
  await settled();
  assert.equal(answerOf(wrong), 'COMPUTE_FAILED');
  const good = submit(1);
  await settled();
  runs[0]?.go();
  await worker.idle();
  assert.deepEqual(answerOf(good), [1]);
});
