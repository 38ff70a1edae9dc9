import assert from 'node:assert/strict';
import { test } from 'node:test';
import { predictionsTopic } from '@sluice/kernel/records/topics';
import type { Feedback__Output } from '@sluice/protos/gen/sluice/v1/Feedback';
import { newPredictionId } from '../predict/prediction-id.ts';
import { testScope } from '../testing/calls.ts';
import { codecs, memoryReader, memorySpool } from '../testing/records.ts';
import { getPrediction } from './get-prediction.ts';
import { ownRecords } from './own-records.ts';
import { traceUrls } from './trace-url.ts';

const now = Date.now();
const id = newPredictionId(now);
const recordOf = (gateway: string) =>
  codecs.record.decode(codecs.record.encode({ predictionId: id, gateway, traceId: 'ab' }));
const comment = codecs.feedback.decode(codecs.feedback.encode({ predictionId: id, comment: 'well done' }));

const start = () => {
  const spool = memorySpool();
  const reader = memoryReader();
  const get = getPrediction({
    findOwn: ownRecords(spool, codecs),
    reader,
    notYetVisibleMs: 10_000,
    traceUrl: traceUrls('http://jaeger/trace/{trace_id}'),
    now: () => now,
  });
  const keep = () =>
    spool.append(
      {
        topic: predictionsTopic,
        id,
        key: id,
        value: codecs.record.encode({ predictionId: id, gateway: 'own', traceId: 'ab' }),
        headers: [],
        timestampMs: now,
      },
      false,
    );
  const store = (feedback: readonly Feedback__Output[] = []) =>
    reader.stored.set(id, { record: recordOf('database'), feedback });
  return { get, keep, store, reader };
};

test('a record that is still in the spool is there, with what the database knows about it', async () => {
  const { get, keep, reader } = start();
  await keep();
  reader.feedbackOf.set(id, [comment]);
  const { record, feedback, traceUrl } = await get(id, testScope());
  assert.equal(record?.gateway, 'own');
  assert.deepEqual(feedback, [comment]);
  assert.equal(traceUrl, 'http://jaeger/trace/ab');
});

for (const state of ['away', 'silent'] as const)
  test(`it is there without the database too, which is ${state}`, async () => {
    const { get, keep, reader } = start();
    await keep();
    reader.state = state;
    const { record, feedback } = await get(id, testScope());
    assert.equal(record?.gateway, 'own');
    assert.deepEqual(feedback, []);
  });

test('what is in the spool no more comes from the database, also by an id in capital letters', async () => {
  const { get, store } = start();
  store([comment]);
  const { record, feedback } = await get(id.toUpperCase(), testScope());
  assert.equal(record?.gateway, 'database');
  assert.deepEqual(feedback, [comment]);
});

test('a young prediction that nobody has may come yet, and the caller is told when to ask again', async () => {
  const { get } = start();
  await assert.rejects(get(newPredictionId(now - 9_000), testScope()), {
    code: 'NOT_YET_VISIBLE',
    retryAfterMs: 500,
  });
});

test('an old one that nobody has is not found, nor one of a far future', async () => {
  const { get } = start();
  for (const at of [now - 11_000, now + 60_000])
    await assert.rejects(get(newPredictionId(at), testScope()), { code: 'PREDICTION_NOT_FOUND' });
});

test('while the database is away nobody can say that there is none', async () => {
  const { get, reader } = start();
  reader.state = 'away';
  // Nor where the database is.
  const message = 'the database of records cannot be asked now';
  await assert.rejects(get(id, testScope()), { code: 'DATABASE_UNAVAILABLE', message });
});

test('nobody waits for the database beyond the deadline, or after going away', async () => {
  const { get, reader } = start();
  reader.state = 'silent';
  const late = testScope({ deadlineAt: performance.now() + 10 });
  await assert.rejects(get(id, late), { code: 'DEADLINE_EXCEEDED' });
  const gone = testScope();
  gone.abort.abort();
  await assert.rejects(get(id, gone));
});

for (const wrong of ['', 'abc', `${id.slice(0, 14)}4${id.slice(15)}`, `${id}0`])
  test(`an id that is none is refused: '${wrong}'`, async () => {
    const { get } = start();
    await assert.rejects(get(wrong, testScope()), {
      code: 'INVALID_INPUT',
      message: /prediction_id: expected a UUIDv7/,
    });
  });
