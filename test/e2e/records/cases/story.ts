import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromStruct, toStruct } from '@sluice/kernel/features/struct';
import type { PredictResponse__Output } from '@sluice/protos/gen/sluice/v1/PredictResponse';
import { unary } from '../../../support/clients.ts';
import { waitFor } from '../../../support/wait-for.ts';
import type { World } from '../world.ts';

const features = { lot_size: 5850, bedrooms: 3, bathrooms: 1, stories: 2, garage_places: 1 };

/** A prediction from its answer to what became known about it. */
export const storyCases = (world: World): void => {
  test('a prediction is found at its gateway at once, becomes a row, and is joined with what becomes known', async () => {
    const { clients, get, row } = world();
    const request = {
      model: 'house-price',
      entityId: 'house-17',
      requestId: 'story',
      features: toStruct(features),
    };
    const answer = await unary<PredictResponse__Output>((done) => clients.prediction.Predict(request, done));
    const { predictionId } = answer;

    const { record, traceUrl } = await get(predictionId);
    assert.equal(record?.predictionId, predictionId);
    assert.equal(record?.requestId, 'story');
    assert.equal(record?.entityId, 'house-17');
    assert.equal(record?.door, 'grpc');
    assert.equal(record?.environment, 'dev');
    assert.equal(record?.revision, 3);
    assert.equal(record?.code, 'OK');
    assert.equal(record?.synthetic, false);
    assert.equal(record?.notReplayable, '');
    assert.deepEqual(record?.release, answer.release);
    assert.deepEqual(fromStruct(record?.input?.features ?? null), features);
    assert.deepEqual(record?.outcome?.prediction, answer.prediction);
    assert.equal(record?.traceId, answer.traceId);
    assert.equal(traceUrl, `http://jaeger.test/trace/${answer.traceId}`);

    const stored = await row(predictionId);
    assert.equal(stored['model'], 'house-price');
    assert.equal(stored['version'], '1.0.0');
    assert.equal(stored['entity_id'], 'house-17');
    assert.equal(stored['trace_id'], answer.traceId);
    assert.deepEqual(stored['features'], features);

    const feedback = {
      predictionId,
      label: { numberValue: 66_000, kind: 'numberValue' as const },
      author: 'ada@lab',
    };
    const sent = await unary<{ feedbackId: string }>((done) =>
      clients.prediction.SendFeedback({ feedback }, done),
    );
    const joined = await waitFor(
      'the feedback to be joined',
      async () => {
        const found = await get(predictionId);
        return found.feedback.length > 0 && found;
      },
      60_000,
    );
    assert.equal(joined.feedback[0]?.feedbackId, sent.feedbackId);
    assert.equal(joined.feedback[0]?.label?.numberValue, 66_000);
    assert.equal(joined.feedback[0]?.author, 'ada@lab');
    assert.deepEqual(joined.record, record);
  });

  test('the spool forgets what is stored', async () => {
    const { sluice } = world();
    await waitFor(
      'an empty spool',
      async () => {
        const text = await (await fetch(`${sluice.gateway.metrics}/metrics`)).text();
        return /^sluice_spool_entries(\{[^}]*\})? 0$/m.test(text);
      },
      60_000,
    );
  });
};
