import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toStruct } from '@sluice/kernel/features/struct';
import type { Feedback__Output } from '@sluice/protos/gen/sluice/v1/Feedback';
import type { ListPredictionsRequest__Output } from '@sluice/protos/gen/sluice/v1/ListPredictionsRequest';
import { newPredictionId } from '../../predict/prediction-id.ts';
import type { Predictions } from '../../records/predictions.ts';
import { testScope } from '../../testing/calls.ts';
import type { HttpRequest } from '../http/route.ts';
import { loadMessageTypes } from '../message-types.ts';
import { recordRoutes } from './record-routes.ts';

const types = loadMessageTypes();
const predictionId = newPredictionId();

/** The routes over predictions that remember what they were asked. */
const start = () => {
  const asked: { id?: string; query?: ListPredictionsRequest__Output; feedback?: Feedback__Output | null } =
    {};
  const stored = {
    record: {
      predictionId,
      input: { tensors: { tensors: [{ name: 'x', raw: Buffer.of(1, 2) }] } },
      outcome: { prediction: { outputs: toStruct({ churn: 'no', nothing: null }) } },
    },
    feedback: [{ feedbackId: 'f', label: { nullValue: 'NULL_VALUE' } } as const],
    traceUrl: 'http://j/1',
  };
  const predictions: Predictions = {
    get: async (id) => {
      asked.id = id;
      return stored;
    },
    list: async (query) => {
      asked.query = query;
      return { predictions: [stored], nextPageToken: 'more' };
    },
    sendFeedback: async (feedback) => {
      asked.feedback = feedback;
      return { feedbackId: 'f' };
    },
  };
  const routes = recordRoutes(predictions, types);
  const ask = async (method: string, path: string, more: Partial<HttpRequest> & { json?: unknown } = {}) => {
    const route = routes.find((each) => each.method === method && each.path === path);
    assert.ok(route, path);
    const body = Buffer.from(JSON.stringify(more.json ?? {}));
    const answer = await route.answer({
      scope: testScope(),
      path: {},
      query: {},
      header: () => '',
      body,
      ...more,
    });
    return JSON.parse(String(answer.body));
  };
  return { asked, ask };
};

const one = '/v1/predictions/{prediction_id}';

test('a record is told in JSON, bytes in base64, with its feedback and its trace', async () => {
  const { asked, ask } = start();
  const { record, feedback, traceUrl } = await ask('GET', one, { path: { prediction_id: predictionId } });
  assert.equal(asked.id, predictionId);
  assert.equal(record.input.tensors.tensors[0].raw, 'AQI=');
  assert.deepEqual(record.outcome, { prediction: { outputs: { churn: 'no', nothing: null } } });
  assert.equal(record.notReplayable, '');
  assert.equal(feedback[0].feedbackId, 'f');
  assert.equal(traceUrl, 'http://j/1');
});

test('filters come as parameters of the query, by either kind of names', async () => {
  const { asked, ask } = start();
  const query = { model: 'm', has_feedback: 'true', pageSize: '5', synthetic: 'false', ascending: 'true' };
  const { predictions, nextPageToken } = await ask('GET', '/v1/predictions', { query });
  assert.equal(predictions.length, 1);
  assert.equal(nextPageToken, 'more');
  const { model, hasFeedback, synthetic, pageSize, ascending, from } = asked.query ?? {};
  assert.deepEqual(
    { model, hasFeedback, synthetic, pageSize, ascending, from },
    {
      model: 'm',
      hasFeedback: true,
      synthetic: false,
      pageSize: 5,
      ascending: true,
      from: '',
    },
  );
  await ask('GET', '/v1/predictions');
  assert.equal(asked.query?.hasFeedback, undefined);
});

const refused: readonly [what: string, query: HttpRequest['query'], message: RegExp][] = [
  ['an unknown one', { modle: 'm' }, /^query parameter modle: expected one of model, version/],
  ['one that came twice', { model: ['a', 'b'] }, /^query parameter model: expected it once/],
  ['no number', { pageSize: 'many' }, /page_?size/i],
  ['neither true nor false', { ascending: 'yes' }, /ascending/],
];

for (const [what, query, message] of refused)
  test(`a parameter of the query is refused: ${what}`, async () => {
    const { ask } = start();
    await assert.rejects(ask('GET', '/v1/predictions', { query }), { code: 'MALFORMED_REQUEST', message });
  });

test('feedback is about the prediction of the path, or whatever its body says', async () => {
  const { asked, ask } = start();
  const path = { prediction_id: predictionId };
  assert.deepEqual(await ask('POST', `${one}/feedback`, { path, json: { label: true, reward: 0 } }), {
    feedbackId: 'f',
  });
  assert.equal(asked.feedback?.predictionId, predictionId);
  assert.equal(asked.feedback.label?.boolValue, true);
  assert.equal(asked.feedback.reward, 0);
  await ask('POST', '/v1/feedback', { json: { entity_id: 'e', comment: 'well' } });
  assert.deepEqual([asked.feedback.predictionId, asked.feedback.entityId], ['', 'e']);
  assert.equal(asked.feedback.reward, undefined);
});

test('a body that contradicts the path is refused', async () => {
  const { ask } = start();
  const path = { prediction_id: predictionId };
  await assert.rejects(ask('POST', `${one}/feedback`, { path, json: { predictionId: newPredictionId() } }), {
    code: 'MALFORMED_REQUEST',
    message: /in the path and '.*' in the body/,
  });
});
