import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeStatistics } from './encode-statistics.ts';
import { countFailure, countSuccess, type InferTimings, Statistics } from './statistics.ts';

const timings = (leadsBatch: boolean): InferTimings => ({
  queueUs: 10,
  computeInputUs: 1,
  computeInferUs: 20,
  computeOutputUs: 2,
  batchSize: 2,
  leadsBatch,
});

test('counts are kept by release, the same object for the same release', () => {
  const statistics = new Statistics();
  const first = statistics.of({ model: 'm', version: '1' });
  assert.equal(statistics.of({ model: 'm', version: '1' }), first);
  assert.notEqual(statistics.of({ model: 'm', version: '2' }), first);
  assert.deepEqual(
    statistics.all().map(({ version }) => version),
    ['1', '2'],
  );
});

test('requests, rows and batches are counted apart', () => {
  const counts = new Statistics().of({ model: 'm', version: '1' });
  countSuccess(counts, 3, 50, timings(true));
  countSuccess(counts, 4, 70, timings(false));
  countFailure(counts, 'REJECTED', 5);
  countFailure(counts, 'REJECTED', 5);
  const message = encodeStatistics(counts);
  assert.equal(message.inferenceCount, 7);
  assert.equal(message.executionCount, 1);
  assert.deepEqual(message.inferenceStats?.success, { count: 2, ns: 120_000 });
  assert.deepEqual(message.inferenceStats?.queue, { count: 2, ns: 20_000 });
  assert.deepEqual(message.inferenceStats?.computeInfer, { count: 2, ns: 40_000 });
  assert.deepEqual(message.inferenceStats?.fail, { count: 2, ns: 10_000 });
  assert.deepEqual([...counts.failures], [['REJECTED', 2]]);
});

test('times are whole nanoseconds in the message', () => {
  const counts = new Statistics().of({ model: 'm', version: '1' });
  countSuccess(counts, 1, 0.000_4, timings(true));
  assert.equal(encodeStatistics(counts).inferenceStats?.success?.ns, 0);
});
