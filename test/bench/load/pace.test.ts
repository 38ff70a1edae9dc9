import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPace } from './pace.ts';

/** A system that answers so many a second, whatever it is asked. */
const answering = (perSecond: number, counts: number[]) => (requests: number) => {
  counts.push(requests);
  return Promise.resolve({ perSecond, done: requests });
};

test('the first time it asks ever more, until it knows the speed', async () => {
  const counts: number[] = [];
  await createPace(64)(2, answering(10_000, counts));
  assert.deepEqual(counts, [128, 512, 2_048, 8_192, 32_768, 20_032]);
});

test('then it goes by the last run that counted, and runs up to it', async () => {
  const paced = createPace(10);
  await paced(1, answering(1_000, []));
  const counts: number[] = [];
  await paced(1, answering(500, counts));
  await paced(1, answering(500, counts));
  assert.deepEqual(counts, [500, 1_000, 250, 500]);
});

test('a slow system is asked at least once on every connection', async () => {
  const counts: number[] = [];
  await createPace(4)(1, answering(0.5, counts));
  assert.deepEqual(counts, [8, 4]);
});
