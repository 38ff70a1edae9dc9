import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerOf, testJob } from '../testing/jobs.ts';
import { startWorker } from '../testing/start-worker.ts';
import { settled } from '../testing/virtual-clock.ts';

test('a job that is late when the session is free is answered without being computed', async () => {
  const { worker, runs, submit, clock } = startWorker();
  submit(1);
  await settled();
  const late = testJob({ deadlineAt: 5 });
  worker.submit(late.job);
  clock.pass(6);
  runs[0]?.go();
  await worker.idle();
  assert.equal(answerOf(late), 'DEADLINE_EXCEEDED');
  assert.equal(runs.length, 1);
});

test('a full queue refuses at once, and goes on when there is room', async () => {
  const { worker, runs, submit } = startWorker(1, 1);
  submit(1);
  await settled();
  assert.equal(submit(2).refused, undefined);
  assert.equal(submit(3).refused?.code, 'QUEUE_FULL');
  runs[0]?.go();
  await settled();
  assert.equal(submit(4).refused, undefined);
  assert.equal(worker.queued, 1);
});

test('a queue full of late requests makes room for one that is not', async () => {
  const { worker, runs, submit, clock } = startWorker(1, 2);
  submit(1);
  await settled();
  const late = [1, 2].map(() => testJob({ deadlineAt: 5 }));
  for (const { job } of late) assert.equal(worker.submit(job), undefined);
  assert.equal(submit(2).refused?.code, 'QUEUE_FULL');
  clock.pass(6);
  assert.equal(submit(3).refused, undefined);
  assert.deepEqual(late.map(answerOf), ['DEADLINE_EXCEEDED', 'DEADLINE_EXCEEDED']);
  assert.equal(worker.queued, 1);
  assert.equal(runs.length, 1);
});

const drains: readonly [what: string, batchMs: number | undefined, retryAfterMs: number][] = [
  ['nothing was measured yet', undefined, 10],
  ['batches are quick', 0.01, 10],
  ['two batches are queued', 30, 60],
  ['batches are slow', 4_000, 1_000],
];

for (const [what, batchMs, retryAfterMs] of drains) {
  test(`a refusal says when it is worth another try: ${what}`, async () => {
    const { worker, runs, submit, clock } = startWorker(4, 5);
    if (batchMs !== undefined) {
      submit(0);
      await settled();
      clock.pass(batchMs);
      runs.shift()?.go();
      await settled();
    }
    assert.equal(worker.batchMs, batchMs);
    for (let entry = 0; entry < 5; entry += 1) submit(entry);
    assert.equal(submit(6).refused?.retryAfterMs, retryAfterMs);
  });
}

test('what cannot be answered in time is not computed, until it is worth measuring anew', async () => {
  const { worker, runs, submit, clock } = startWorker();
  submit(1);
  await settled();
  clock.pass(50);
  runs[0]?.go();
  await settled();
  const soon = () => {
    const made = testJob({ deadlineAt: clock.now() + 40 });
    worker.submit(made.job);
    return made;
  };
  const refused = soon();
  await settled();
  assert.equal(answerOf(refused), 'DEADLINE_EXCEEDED');
  assert.equal(runs.length, 1);
  clock.pass(1_001);
  const measured = soon();
  await settled();
  clock.pass(20);
  runs[1]?.go();
  await worker.idle();
  assert.deepEqual(answerOf(measured), [1]);
  const next = soon();
  await settled();
  runs[2]?.go();
  await worker.idle();
  assert.deepEqual(answerOf(next), [1]);
});
