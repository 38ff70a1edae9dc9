import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { toStruct } from '@sluice/kernel/features/struct';
import type { Features } from '@sluice/kernel/features/value';
import type { PredictResponse__Output } from '@sluice/protos/gen/sluice/v1/PredictResponse';
import { type Clients, connect, unary } from '../../support/clients.ts';
import { startSluice } from '../../support/sluice.ts';
import { refusalOf } from '../bad-input/grpc-refusal.ts';
import { type Ask, asking, churn } from '../rest/ask.ts';

/** As 2.0.0 calls them. */
const { monthly_charges, ...same } = churn.features;
const renamed = { ...same, monthly_charge: monthly_charges };

describe('churn 2.0.0, which breaks callers, beside 1.1.0, which they get', () => {
  const stack = new AsyncDisposableStack();
  let clients: Clients;
  let ask: Ask;

  before(async () => {
    const { gateway } = stack.use(await startSluice());
    clients = stack.use(connect(gateway.grpc));
    ask = asking(gateway.http);
  });
  after(() => stack.disposeAsync());

  const predict = (version: string, features: Features): Promise<PredictResponse__Output> =>
    unary((done) =>
      clients.prediction.Predict({ model: 'churn', version, features: toStruct(features) }, done),
    );

  test('no version, the champion and 1.x are 1.1.0, asked as ever', async () => {
    for (const version of ['', 'champion', '1.x']) {
      const { release } = await predict(version, churn.features);
      assert.equal(release?.version, '1.1.0', version);
    }
  });

  test('2.0.0 answers to the new name, and as 1.1.0 does: the model is the same', async () => {
    const answers = [await predict('2.0.0', renamed), await predict('1.1.0', churn.features)];
    const [after, before] = answers.map(({ prediction }) => prediction?.outputs);
    assert.deepEqual(after, before);
    assert.equal((await predict('2.x', renamed)).release?.version, '2.0.0');
  });

  test('whoever sends 2.0.0 the old name is told the new one: 422 over REST, INVALID_ARGUMENT over gRPC', async () => {
    const { status, json } = await ask('POST', '/v1/models/churn/versions/2.0.0:predict', churn);
    const { code, violations } = json as { code: string; violations: { path: string; message: string }[] };
    assert.deepEqual([status, code], [422, 'INVALID_INPUT']);
    const told = violations.find(({ path }) => path === 'features.monthly_charges')?.message ?? '';
    assert.match(told, /monthly_charge\b/);
    await assert.rejects(predict('2.0.0', churn.features), (error: unknown) => {
      const { status: grpcStatus, message } = refusalOf(error);
      assert.equal(grpcStatus, 3);
      return message.includes(told);
    });
  });
});
