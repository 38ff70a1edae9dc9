import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ListPredictionsRequest__Output } from '@sluice/protos/gen/sluice/v1/ListPredictionsRequest';
import { newPredictionId } from '../predict/prediction-id.ts';
import { testScope } from '../testing/calls.ts';
import { codecs, memoryReader } from '../testing/records.ts';
import { listPredictions } from './list-predictions.ts';
import { traceUrls } from './trace-url.ts';

const empty: ListPredictionsRequest__Output = {
  model: '',
  version: '',
  from: '',
  to: '',
  outcome: '',
  code: '',
  entityId: '',
  pageSize: 0,
  pageToken: '',
  ascending: false,
};

const start = () => {
  const reader = memoryReader();
  const list = listPredictions(reader, traceUrls(undefined));
  return {
    reader,
    list: (more: Partial<ListPredictionsRequest__Output> = {}) => list({ ...empty, ...more }, testScope()),
  };
};

test('without a word the latest hundred of all that users asked are listed', async () => {
  const { reader, list } = start();
  const predictionId = newPredictionId();
  const record = codecs.record.decode(codecs.record.encode({ predictionId }));
  reader.stored.set(predictionId, { record, feedback: [] });
  assert.deepEqual(await list(), {
    predictions: [{ record, feedback: [], traceUrl: '' }],
    nextPageToken: 'more',
  });
  assert.deepEqual(reader.queries, [{ synthetic: false, pageSize: 100, ascending: false }]);
});

test('every filter reaches the database', async () => {
  const { reader, list } = start();
  await list({
    model: 'm',
    version: '1.0.0',
    from: '2026-11-20T10:00:00Z',
    to: '2026-11-20T11:00:00Z',
    outcome: 'refusal',
    code: 'TOO_OLD',
    entityId: 'e',
    hasFeedback: false,
    synthetic: true,
    pageSize: 1_000,
    pageToken: 't',
    ascending: true,
  });
  assert.deepEqual(reader.queries, [
    {
      model: 'm',
      version: '1.0.0',
      fromMs: Date.UTC(2026, 10, 20, 10),
      toMs: Date.UTC(2026, 10, 20, 11),
      outcome: 'refusal',
      code: 'TOO_OLD',
      entityId: 'e',
      hasFeedback: false,
      synthetic: true,
      pageSize: 1_000,
      pageToken: 't',
      ascending: true,
    },
  ]);
});

test('a filter that is not set is no filter, one that is false is', async () => {
  const { reader, list } = start();
  await list({
    hasFeedback: false,
    from: '2026-11-20T10:00:00Z',
    to: '2026-11-20T12:00:00.5+01:00',
    pageToken: 't',
  });
  assert.deepEqual(reader.queries, [
    {
      synthetic: false,
      pageSize: 100,
      ascending: false,
      hasFeedback: false,
      pageToken: 't',
      fromMs: Date.UTC(2026, 10, 20, 10),
      toMs: Date.UTC(2026, 10, 20, 11, 0, 0, 500),
    },
  ]);
});

const refused: readonly [what: string, request: Partial<ListPredictionsRequest__Output>, path: string][] = [
  ['a time that is none', { from: 'yesterday' }, 'from'],
  ['a day without a time', { to: '2026-11-20' }, 'to'],
  ['a day that no month has', { to: '2026-02-30T00:00:00Z' }, 'to'],
  ['a range that is empty', { from: '2026-11-20T10:00:00Z', to: '2026-11-20T10:00:00Z' }, 'to'],
  ['an unknown outcome', { outcome: 'answer' }, 'outcome'],
  ['a page that is too large', { pageSize: 1_001 }, 'page_size'],
];

for (const [what, request, path] of refused)
  test(`a question that cannot be meant is refused: ${what}`, async () => {
    const { list, reader } = start();
    await assert.rejects(list(request), { code: 'INVALID_INPUT', message: new RegExp(`^${path}: expected`) });
    assert.deepEqual(reader.queries, []);
  });

test('the database is away: so it is said', async () => {
  const { list, reader } = start();
  reader.state = 'away';
  const message = 'the database of records cannot be asked now';
  await assert.rejects(list(), { code: 'DATABASE_UNAVAILABLE', message });
});
