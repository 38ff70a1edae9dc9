import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toStruct } from '@sluice/kernel/features/struct';
import type { FeatureValue } from '@sluice/kernel/features/value';
import { feedbackTopic, predictionsTopic } from '@sluice/kernel/records/topics';
import type { LabelKind } from '@sluice/kernel/revision/record-settings';
import { noSettings } from '@sluice/kernel/revision/revision';
import type { Feedback } from '@sluice/protos/gen/sluice/v1/Feedback';
import type { Record as RecordMessage } from '@sluice/protos/gen/sluice/v1/Record';
import { newPredictionId } from '../predict/prediction-id.ts';
import { testScope } from '../testing/calls.ts';
import { codecs, memoryReader, memorySpool } from '../testing/records.ts';
import { ownRecords } from './own-records.ts';
import { sendFeedback } from './send-feedback.ts';

const now = Date.now();
const predictionId = newPredictionId(now - 5_000);
const label = (value: FeatureValue) => toStruct({ value }).fields?.['value'] ?? null;
const decoded = (message: Feedback) => codecs.feedback.decode(codecs.feedback.encode(message));

const start = (kind: LabelKind = 'any') => {
  const spool = memorySpool();
  const reader = memoryReader();
  const counted: string[] = [];
  const send = sendFeedback({
    spool,
    codecs,
    findOwn: ownRecords(spool, codecs),
    reader,
    settingsOf: (model) => (model === 'm' ? { ...noSettings, feedback: { label: kind } } : noSettings),
    metrics: { feedback: (code) => counted.push(code) },
    now: () => now,
  });
  const keep = (record: RecordMessage) => {
    const value = codecs.record.encode({ predictionId, model: 'm', ...record });
    const entry = { topic: predictionsTopic, id: predictionId, key: '', headers: [], timestampMs: now };
    return spool.append({ ...entry, value }, false);
  };
  const sent = () => spool.entries.filter(({ topic }) => topic === feedbackTopic);
  return { reader, counted, keep, sent, send: (message: Feedback) => send(decoded(message), testScope()) };
};

test('feedback is kept under its prediction, with an id and the time when it was received', async () => {
  const { send, sent, counted } = start();
  const { feedbackId } = await send({ predictionId, label: label('yes'), author: 'ada', received: 'never' });
  const [entry] = sent();
  assert.deepEqual([entry?.id, entry?.key, entry?.timestampMs], [feedbackId, predictionId, now]);
  const kept = codecs.feedback.decode(entry?.value ?? Buffer.of());
  assert.equal(kept.feedbackId, feedbackId);
  assert.equal(kept.received, new Date(now).toISOString());
  assert.equal(kept.label?.stringValue, 'yes');
  assert.equal(kept.author, 'ada');
  assert.deepEqual(counted, ['OK']);
});

test('an id of its own is kept, so that a repeat is known', async () => {
  const { send } = start();
  const feedbackId = 'A0000000-0000-4000-8000-000000000000';
  const answer = await send({ feedbackId, predictionId, reward: 0 });
  assert.equal(answer.feedbackId, feedbackId.toLowerCase());
});

test('feedback about an entity is kept under it', async () => {
  const { send, sent } = start();
  const entityTime = new Date(now).toISOString();
  await send({ entityId: 'customer-7', entityTime, model: 'm', comment: 'well' });
  assert.equal(sent()[0]?.key, 'customer-7');
  assert.deepEqual(sent()[0]?.headers, [['ce_subject', Buffer.from('m')]]);
});

test('it is taken before its prediction is known, and while the database is away', async () => {
  for (const state of ['there', 'away', 'silent'] as const) {
    const { send, reader, sent } = start();
    reader.state = state;
    await send({ predictionId, label: label(1) });
    assert.equal(sent().length, 1);
  }
});

const future = new Date(now + 61_000).toISOString();
const refused: readonly [what: string, feedback: Feedback, path: string][] = [
  ['about nothing', { label: label(1) }, 'prediction_id'],
  ['about two things', { predictionId, entityId: 'e', label: label(1) }, 'entity_id'],
  ['about what is no prediction', { predictionId: 'abc', label: label(1) }, 'prediction_id'],
  [
    'about a prediction of the future',
    { predictionId: newPredictionId(now + 61_000), reward: 1 },
    'prediction_id',
  ],
  ['that says nothing', { predictionId }, 'label'],
  ['a label that is null', { predictionId, label: label(null) }, 'label'],
  ['a reward that is no number', { predictionId, reward: Number.NaN }, 'reward'],
  ['a correction of nothing', { predictionId, correction: toStruct({}) }, 'correction'],
  ['of the future', { predictionId, reward: 1, time: future }, 'time'],
  ['at a time that is none', { predictionId, reward: 1, time: 'today' }, 'time'],
  ['about an entity in the future', { entityId: 'e', reward: 1, entityTime: future }, 'entity_time'],
  [
    'with the time of no entity',
    { predictionId, reward: 1, entityTime: '2026-11-20T10:00:00Z' },
    'entity_time',
  ],
  ['with an id that is no UUID', { feedbackId: '1', predictionId, reward: 1 }, 'feedback_id'],
  ['with a comment that is a book', { predictionId, comment: 'x'.repeat(16_385) }, 'comment'],
];

for (const [what, feedback, path] of refused)
  test(`feedback is refused: ${what}`, async () => {
    const { send, sent, counted } = start();
    await assert.rejects(send(feedback), {
      code: 'INVALID_INPUT',
      message: new RegExp(`^${path}: expected`),
    });
    assert.deepEqual(sent(), []);
    assert.deepEqual(counted, ['INVALID_INPUT']);
  });

const kinds: readonly [kind: LabelKind, fits: FeatureValue[], misfits: FeatureValue[]][] = [
  ['any', [1, 'a', true, { a: 1 }, [1]], [null]],
  ['number', [1, -0.5], ['1', true, { a: 1 }, null]],
  ['class', ['a', 3], [0.5, true, { a: 1 }, null]],
  ['boolean', [true, false], [1, 'true', null]],
  ['object', [{ a: 1 }], [1, 'a', [1], null]],
];

for (const [kind, fits, misfits] of kinds)
  test(`where labels are of the kind ${kind}, others are refused`, async () => {
    const { send, keep } = start(kind);
    await keep({ outcome: { prediction: {} } });
    for (const value of fits) await send({ predictionId, label: label(value) });
    for (const value of misfits)
      await assert.rejects(send({ predictionId, label: label(value) }), { message: /^label: expected/ });
  });

test('the kind is known by the name of the model too', async () => {
  const { send } = start('number');
  await assert.rejects(send({ entityId: 'e', model: 'm', label: label('a') }), {
    message: /^label: expected a number/,
  });
});

const nothingPredicted: readonly [string, RecordMessage][] = [
  ['refusal', { outcome: { refusal: { code: 'NO' } }, code: 'NO' }],
  ['failure', { outcome: { failure: { code: 'INVALID_INPUT' } }, code: 'INVALID_INPUT' }],
];

for (const [kind, record] of nothingPredicted)
  for (const place of ['spool', 'database'] as const)
    test(`about a ${kind} in the ${place} only a comment is taken`, async () => {
      const { send, keep, reader, sent } = start();
      const stored = codecs.record.decode(codecs.record.encode({ predictionId, ...record }));
      if (place === 'spool') await keep(record);
      else reader.stored.set(predictionId, { record: stored, feedback: [] });
      for (const judging of [{ label: label(1) }, { reward: 1 }, { correction: toStruct({ a: 1 }) }])
        await assert.rejects(send({ predictionId, ...judging }), { message: new RegExp(`is a ${kind}`) });
      await send({ predictionId, comment: 'it should not have been' });
      assert.equal(sent().length, 1);
    });

test('feedback that names another model than the one that answered is refused', async () => {
  const { send, keep } = start();
  await keep({ outcome: { prediction: {} } });
  await assert.rejects(send({ predictionId, model: 'n', reward: 1 }), { message: /^model: expected 'm'/ });
});

test('feedback that the log would not take is refused', async () => {
  const { send } = start();
  await assert.rejects(send({ predictionId, label: label('x'.repeat(800_000)) }), {
    code: 'MESSAGE_TOO_LARGE',
  });
});
