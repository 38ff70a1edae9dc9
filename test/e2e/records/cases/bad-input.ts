import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { waitFor } from '../../../support/wait-for.ts';
import type { World } from '../world.ts';

const unknown = '01a1fd8c-64c5-7d29-80ef-f27aad01d3bc';
const house = { lot_size: 4000, bedrooms: 2, bathrooms: 1, stories: 1, garage_places: 0 };
const later = new Date(Date.now() + 86_400_000).toISOString();

interface Fault {
  readonly code: string;
  readonly message: string;
}

/** What is refused at the door: a clear error, and nothing else is hurt. */
export const badInputCases = (world: World): void => {
  let known = '';
  let refused = '';

  before(async () => {
    const { ask } = world();
    const answer = await ask('POST', '/v1/models/house-price:predict', { features: house });
    known = (answer.json as { predictionId: string }).predictionId;
    const car = { manufacturer: 'Trabant', model: '601', horsepower: 30 };
    refused = (
      (await ask('POST', '/v1/models/car-price:predict', { features: car })).json as { predictionId: string }
    ).predictionId;
  });

  const cases: readonly (readonly [what: string, feedback: () => object, message: RegExp])[] = [
    ['nothing known', () => ({ predictionId: known }), /label, reward, correction (and|or) comment/],
    ['about nothing', () => ({ reward: 1 }), /predictionId|prediction_id/],
    ['about two things', () => ({ predictionId: known, entityId: 'e', reward: 1 }), /entity/],
    ['an id that is none', () => ({ predictionId: 'nonsense', reward: 1 }), /UUIDv7/],
    ['a time in the future', () => ({ predictionId: known, reward: 1, time: later }), /future/],
    ['a time that is none', () => ({ predictionId: known, reward: 1, time: 'yesterday' }), /such as 2026/],
  ];
  for (const [what, feedback, message] of cases) {
    test(`feedback with ${what} is refused`, async () => {
      const { status, json, text } = await world().ask('POST', '/v1/feedback', feedback());
      assert.equal(status, 422, text);
      assert.equal((json as Fault).code, 'INVALID_INPUT');
      assert.match((json as Fault).message, message);
    });
  }

  const againstRecord: typeof cases = [
    ['a label of the wrong type', () => ({ predictionId: known, label: 'cheap' }), /number/],
    ['a label for a refusal', () => ({ predictionId: refused, label: 1 }), /refus/],
  ];
  for (const [what, feedback, message] of againstRecord) {
    test(`feedback with ${what} is refused`, async () => {
      // It is taken as it is where the record is stored and the database is too slow to tell of it.
      const { json } = await waitFor('a refusal', async () => {
        const answer = await world().ask('POST', '/v1/feedback', feedback());
        return answer.status !== 200 && answer;
      });
      assert.equal((json as Fault).code, 'INVALID_INPUT');
      assert.match((json as Fault).message, message);
    });
  }

  for (const [path, status, code] of [
    [`/v1/predictions/${unknown}`, 404, 'PREDICTION_NOT_FOUND'],
    ['/v1/predictions/nonsense', 422, 'INVALID_INPUT'],
    ['/v1/predictions?from=yesterday', 422, 'INVALID_INPUT'],
    ['/v1/predictions?pageSize=100000', 422, 'INVALID_INPUT'],
    ['/v1/predictions?outcome=nice', 422, 'INVALID_INPUT'],
  ] as const) {
    test(`GET ${path}: ${status} ${code}`, async () => {
      const { status: came, json, text } = await world().ask('GET', path);
      assert.equal(came, status, text);
      assert.equal((json as Fault).code, code);
    });
  }

  test('a synthetic mark that is none is refused', async () => {
    const path = '/v1/models/house-price:predict';
    const { json } = await world().ask('POST', path, { features: house }, { 'sluice-synthetic': 'maybe' });
    assert.equal((json as Fault).code, 'MALFORMED_REQUEST');
  });
};
