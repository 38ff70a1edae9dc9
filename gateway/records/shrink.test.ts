import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toStruct } from '@sluice/kernel/features/struct';
import { feedbackTopic, predictionsTopic } from '@sluice/kernel/records/topics';
import { codecs } from '../testing/records.ts';
import { shrink } from './shrink.ts';

test('a record shrinks to what says that it was, and no further', () => {
  const value = codecs.record.encode({
    predictionId: 'p',
    code: 'OK',
    input: { features: toStruct({ text: 'x'.repeat(10_000) }) },
    outcome: { prediction: { outputs: toStruct({ text: 'y'.repeat(10_000) }) } },
  });
  const smaller = shrink(predictionsTopic, value);
  assert.ok(smaller !== undefined && smaller.length < 1_000, `${smaller?.length}`);
  const record = codecs.record.decode(smaller);
  assert.deepEqual([record.predictionId, record.code], ['p', 'OK']);
  assert.ok((record.input?.omitted?.size ?? 0) > 10_000);
  assert.equal(shrink(predictionsTopic, smaller), undefined);
});

test('feedback does not shrink', () => {
  assert.equal(shrink(feedbackTopic, codecs.feedback.encode({ comment: 'x'.repeat(10_000) })), undefined);
});
