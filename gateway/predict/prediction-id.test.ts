import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newPredictionId } from './prediction-id.ts';

test('a prediction id is a UUIDv7 that begins with the time of its making', () => {
  const id = newPredictionId(0x0123456789ab);
  assert.match(id, /^01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('ids of one millisecond differ, and later ones sort after earlier ones', () => {
  const ids = new Set(Array.from({ length: 10_000 }, () => newPredictionId(1)));
  assert.equal(ids.size, 10_000);
  assert.ok(newPredictionId(1) < newPredictionId(2));
});
