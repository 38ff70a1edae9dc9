import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newPredictionId } from '../predict/prediction-id.ts';
import { isSampled } from './sampled.ts';

const ids = Array.from({ length: 20_000 }, () => newPredictionId());
const share = (sample: number): number => ids.filter((id) => isSampled(id, sample)).length / ids.length;

test('about the share that was asked for is sampled, and all or none at the ends', () => {
  for (const sample of [0.01, 0.1, 0.5, 0.9]) assert.ok(Math.abs(share(sample) - sample) < 0.03, `${sample}`);
  assert.deepEqual([share(0), share(1)], [0, 1]);
});

test('what is in a small sample is in a larger one too', () => {
  for (const id of ids) if (isSampled(id, 0.1)) assert.ok(isSampled(id, 0.2));
});

test('the same id is always decided the same', () => {
  assert.equal(isSampled('019a0000-0000-7000-8000-000000000000', 0.5), true);
});
