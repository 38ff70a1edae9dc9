import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { ListPredictionsRequest } from '@sluice/protos/gen/sluice/v1/ListPredictionsRequest';
import type { ListPredictionsResponse__Output } from '@sluice/protos/gen/sluice/v1/ListPredictionsResponse';
import { unary } from '../../../support/clients.ts';
import type { World } from '../world.ts';

const customers = 7;
const entity = 'listed';
const features = { tenure: 12, monthly_charges: 70.35, contract: 'Month-to-month' };

/** ListPredictions over gRPC and REST. */
export const listCases = (world: World): void => {
  const ids: string[] = [];

  before(async () => {
    const { ask, row } = world();
    for (let index = 0; index < customers; index += 1) {
      const { json } = await ask('POST', '/v1/models/churn:predict', { features, entityId: entity });
      ids.push((json as { predictionId: string }).predictionId);
    }
    // Those of one millisecond are in the order of their ids.
    ids.sort();
    for (const id of ids) await row(id);
  });

  const list = (request: ListPredictionsRequest): Promise<ListPredictionsResponse__Output> =>
    unary((done) => world().clients.prediction.ListPredictions(request, done));
  const idsOf = ({ predictions }: ListPredictionsResponse__Output): (string | undefined)[] =>
    predictions.map(({ record }) => record?.predictionId);

  for (const ascending of [true, false]) {
    test(`all pages together have each prediction once, ${ascending ? 'the earliest' : 'the latest'} first`, async () => {
      const found: (string | undefined)[] = [];
      let pageToken = '';
      do {
        const page = await list({ entityId: entity, pageSize: 3, ascending, pageToken });
        assert.ok(page.predictions.length <= 3);
        found.push(...idsOf(page));
        pageToken = page.nextPageToken;
      } while (pageToken !== '');
      assert.deepEqual(found, ascending ? ids : ids.toReversed());
    });
  }

  test('filters by model, version, outcome, code, feedback and time', async () => {
    const base = { entityId: entity, pageSize: 100 };
    for (const [more, count] of [
      [
        { model: 'churn', version: '1.1.0', outcome: 'prediction', code: 'OK', hasFeedback: false },
        customers,
      ],
      [{ model: 'digits' }, 0],
      [{ version: '1.0.0' }, 0],
      [{ outcome: 'failure' }, 0],
      [{ hasFeedback: true }, 0],
      [{ synthetic: true }, 0],
      [{ to: '2020-01-01T00:00:00Z' }, 0],
      [{ from: new Date(Date.now() - 3_600_000).toISOString() }, customers],
    ] as const)
      assert.equal((await list({ ...base, ...more })).predictions.length, count, JSON.stringify(more));
  });

  test('the same over REST', async () => {
    const { status, json } = await world().ask('GET', `/v1/predictions?entityId=${entity}&pageSize=2`);
    assert.equal(status, 200);
    const { predictions, nextPageToken } = json as { predictions: unknown[]; nextPageToken: string };
    assert.equal(predictions.length, 2);
    assert.notEqual(nextPageToken, '');
  });

  test('a page token of another question is refused', async () => {
    const { nextPageToken } = await list({ entityId: entity, pageSize: 2 });
    for (const [pageToken, model] of [
      [nextPageToken, 'churn'],
      ['nonsense', ''],
    ] as const)
      await assert.rejects(list({ entityId: entity, pageSize: 2, pageToken, model }), /page_?token/i);
  });
};
