import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { toStruct } from '@sluice/kernel/features/struct';
import type { Feedback } from '@sluice/protos/gen/sluice/v1/Feedback';
import type { SendFeedbackStreamResponse__Output } from '@sluice/protos/gen/sluice/v1/SendFeedbackStreamResponse';
import { unary } from '../../../support/clients.ts';
import { waitFor } from '../../../support/wait-for.ts';
import type { World } from '../world.ts';

const house = { lot_size: 4000, bedrooms: 2, bathrooms: 1, stories: 1, garage_places: 0 };
const label = (value: number): Pick<Feedback, 'label'> => ({
  label: { numberValue: value, kind: 'numberValue' },
});

/** What becomes known, by every way in. */
export const feedbackCases = (world: World): void => {
  const predict = async (entityId = ''): Promise<string> => {
    const request = { model: 'house-price', entityId, features: toStruct(house) };
    const { predictionId } = await unary<{ predictionId: string }>((done) =>
      world().clients.prediction.Predict(request, done),
    );
    return predictionId;
  };
  const send = (feedback: Feedback): Promise<{ feedbackId: string }> =>
    unary((done) => world().clients.prediction.SendFeedback({ feedback }, done));
  const joined = (predictionId: string, count: number) =>
    waitFor(
      `${count} feedback of ${predictionId}`,
      async () => {
        const { feedback } = await world().get(predictionId);
        return feedback.length >= count && feedback;
      },
      60_000,
    );

  test('any number, of any kind: label, reward, correction, comment', async () => {
    const predictionId = await predict();
    await send({ predictionId, ...label(1) });
    await send({ predictionId, reward: 0 });
    await send({ predictionId, correction: toStruct({ price: 2 }) });
    await send({ predictionId, comment: 'sold at once' });
    const found = await joined(predictionId, 4);
    assert.equal(found.length, 4);
    assert.ok(found.some(({ reward }) => reward === 0));
    assert.ok(found.some(({ comment }) => comment === 'sold at once'));
  });

  test('the same id is the same feedback', async () => {
    const predictionId = await predict();
    const feedbackId = '0b0e7d0e-6c4b-4e7e-9d0a-0d3b1f6f2a11';
    for (const value of [1, 2]) await send({ feedbackId, predictionId, ...label(value) });
    await send({ predictionId, comment: 'the last one' });
    const found = await joined(predictionId, 2);
    assert.deepEqual(
      found.map(({ label: given }) => given?.numberValue).filter((value) => value !== undefined),
      [1],
    );
  });

  test('about the latest prediction for an entity', async () => {
    const entityId = 'house-of-feedback';
    // In their order, that of their ids if both are of one millisecond.
    const ids = [await predict(entityId), await predict(entityId)].sort();
    for (const id of ids) await world().row(id);
    await send({ entityId, model: 'house-price', ...label(3) });
    assert.equal((await joined(ids[1] ?? '', 1))[0]?.label?.numberValue, 3);
    assert.equal((await world().get(ids[0] ?? '')).feedback.length, 0);
  });

  test('over REST, on its own path and beside others', async () => {
    const { ask } = world();
    const predictionId = await predict();
    const one = await ask('POST', `/v1/predictions/${predictionId}/feedback`, { label: 4, author: 'bob' });
    assert.equal(one.status, 200, one.text);
    const other = await ask('POST', '/v1/feedback', { predictionId, reward: 0.5 });
    assert.equal(other.status, 200, other.text);
    const found = await joined(predictionId, 2);
    assert.deepEqual(new Set(found.map(({ author }) => author)), new Set(['bob', '']));
  });

  test('as a stream; one that is refused leaves it open', async () => {
    const predictionId = await predict();
    const stream = world().clients.prediction.SendFeedbackStream();
    const answers: SendFeedbackStreamResponse__Output[] = [];
    stream.on('data', (answer: SendFeedbackStreamResponse__Output) => answers.push(answer));
    const ended = once(stream, 'end');
    stream.write({ feedback: { predictionId, reward: 1 } });
    stream.write({ feedback: { predictionId } });
    stream.write({ feedback: { predictionId, reward: 2 } });
    stream.end();
    await ended;
    assert.deepEqual(
      answers.map(({ result }) => result),
      ['response', 'error', 'response'],
    );
    assert.equal(answers[1]?.error?.code, 'INVALID_INPUT');
    await joined(predictionId, 2);
  });
};
