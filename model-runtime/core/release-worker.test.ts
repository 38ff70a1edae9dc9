import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerOf, testJob } from '../testing/jobs.ts';
import { startWorker } from '../testing/start-worker.ts';
import { settled } from '../testing/virtual-clock.ts';

test('what is submitted in one turn is one batch', async () => {
  const { runs, submit } = startWorker();
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
  const { worker, runs, submit } = startWorker();
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
  const { runs, submit } = startWorker(4);
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
  const { worker, runs, submit } = startWorker();
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

test('idle waits for what is computed and what is queued, and not for more', async () => {
  const { worker, runs, submit } = startWorker(1);
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
  const { worker, runs, submit } = startWorker();
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

test('a worker knows the bytes of what is queued', async () => {
  const { worker, submit } = startWorker();
  submit(1, 2);
  submit(3);
  assert.deepEqual([worker.queued, worker.queuedBytes], [2, 12]);
});

test('a queue whose last job is cancelled is idle, for all who wait for that', async () => {
  const { worker, submit } = startWorker();
  const { job } = submit(1);
  const idle = [worker.idle(), worker.idle()];
  worker.cancel(job);
  await Promise.all(idle);
});

test('what waits for others is computed at once when somebody waits for the end', async () => {
  const { worker, runs, submit } = startWorker(8, 10, 60_000);
  submit(1);
  await settled();
  runs[0]?.go();
  await worker.idle();
  const waiting = submit(2);
  await settled();
  assert.equal(runs.length, 1);
  const idle = worker.idle();
  await settled();
  runs[1]?.go();
  await idle;
  assert.deepEqual(answerOf(waiting), [2]);
});
