import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { testLink } from '../testing/cells.ts';
import { answerOf, rowsOf, testJob } from '../testing/jobs.ts';
import type { CellLink } from './cell-link.ts';
import { createCellWorker } from './cell-worker.ts';

const start = (links: readonly CellLink[], maxEntries = 10) =>
  createCellWorker({
    limits: { maxEntries, maxBytes: 1_000 },
    maxMessageBytes: 2_048 + 400,
    links: () => links,
    unavailable: () => new SluiceError('RELEASE_UNAVAILABLE', 'no'),
  });

const timings = {
  queueUs: 1,
  computeInputUs: 1,
  computeInferUs: 1,
  computeOutputUs: 1,
  batchSize: 1,
  leadsBatch: true,
};

test('a job goes to the least busy cell, and its answer comes back', async () => {
  const [busy, free] = [testLink(), testLink()];
  busy.inFlight = 1;
  const worker = start([busy, free]);
  const job = testJob();
  assert.equal(worker.submit(job.job), undefined);
  assert.equal(busy.jobs.length, 0);
  free.jobs[0]?.settle({ outputs: [rowsOf(7)], timings });
  assert.deepEqual(answerOf(job), [7]);
  await worker.idle();
});

test('without a cell a job is refused with the reason', () => {
  assert.equal(start([]).submit(testJob().job)?.code, 'RELEASE_UNAVAILABLE');
});

test('a job that nobody waits for is cancelled in its cell too', async () => {
  const link = testLink();
  const worker = start([link]);
  const { job } = testJob();
  worker.submit(job);
  worker.cancel(job);
  assert.equal(link.cancelled.length, 1);
  await worker.idle();
});

test('what waits for cells is bounded, and a job alone may have as many bytes as a message', () => {
  const worker = start([testLink()], 2);
  const large = testJob({ inputs: [rowsOf(...new Array<number>(101).fill(0))] });
  assert.equal(worker.submit(large.job)?.code, 'MESSAGE_TOO_LARGE');
  for (const expected of [undefined, undefined, 'QUEUE_FULL'])
    assert.equal(worker.submit(testJob().job)?.code, expected);
});

test('a full queue takes jobs again when there is room', () => {
  const link = testLink();
  const worker = start([link], 1);
  worker.submit(testJob().job);
  assert.equal(worker.submit(testJob().job)?.code, 'QUEUE_FULL');
  link.jobs[0]?.settle({ error: new SluiceError('COMPUTE_FAILED', 'no') });
  assert.equal(worker.submit(testJob().job), undefined);
});
