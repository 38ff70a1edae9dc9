import assert from 'node:assert/strict';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fromStruct, toStruct } from '@sluice/kernel/features/struct';
import type { Features } from '@sluice/kernel/features/value';
import type { PredictResponse__Output } from '@sluice/protos/gen/sluice/v1/PredictResponse';
import { type Clients, connect, unary } from '../../support/clients.ts';
import { repository } from '../../support/process.ts';
import { startSluice } from '../../support/sluice.ts';
import { type TemporaryStore, temporaryStore } from '../../support/store.ts';
import { waitFor } from '../../support/wait-for.ts';
import { type Ask, asking } from '../rest/ask.ts';

const passat = { manufacturer: 'Volkswagen', model: 'Passat', horsepower: 134, manual: true };
const trabant = { manufacturer: 'Trabant', model: '601', horsepower: 30 };
const mercedes = {
  manufacturer: 'Mercedes-Benz',
  model: '300E',
  horsepower: 217,
  air_bags: 'driver and passenger',
};

interface Price {
  readonly price: number;
  readonly interval: { readonly lower: number; readonly upper: number; readonly level: number };
}
interface RestAnswer {
  readonly prediction?: { readonly outputs: Price };
  readonly refusal?: { readonly code: string; readonly message: string };
}

/** Whole dollars, the price inside of its interval. */
const assertPrice = ({ price, interval }: Price): void => {
  assert.ok(interval.lower < price && price < interval.upper, `${interval.lower} ${price} ${interval.upper}`);
  assert.equal(interval.level, 0.9);
  for (const value of [price, interval.lower, interval.upper]) assert.ok(Number.isInteger(value));
};

describe('car-price, over gRPC and REST', () => {
  const stack = new AsyncDisposableStack();
  let store: TemporaryStore;
  let clients: Clients;
  let ask: Ask;

  before(async () => {
    store = stack.use(await temporaryStore());
    await cp(join(repository, 'models/store'), store.folder, { recursive: true });
    const { gateway } = stack.use(await startSluice({ store: store.url }));
    clients = stack.use(connect(gateway.grpc));
    ask = asking(gateway.http);
  });
  after(() => stack.disposeAsync());

  const predict = (features: Features): Promise<PredictResponse__Output> =>
    unary((done) => clients.prediction.Predict({ model: 'car-price', features: toStruct(features) }, done));
  const overRest = async (features: Features): Promise<RestAnswer> => {
    const { status, json, text } = await ask('POST', '/v1/models/car-price:predict', { features });
    assert.equal(status, 200, text);
    return json as RestAnswer;
  };

  test('a known vehicle has a price and the interval that it lies in, in whole dollars', async () => {
    const { prediction } = await predict(passat);
    const outputs = fromStruct(prediction?.outputs ?? null) as unknown as Price;
    assertPrice(outputs);
    assert.deepEqual((await overRest(passat)).prediction?.outputs, outputs);
  });

  test('of a vehicle that is not in the list both doors say which one: UNKNOWN_VEHICLE', async () => {
    const refusal = {
      code: 'UNKNOWN_VEHICLE',
      message: "No price for vehicle 'Trabant 601': it is not in the list of 1993",
    };
    const { refusal: came } = await predict(trabant);
    assert.deepEqual({ code: came?.code, message: came?.message }, refusal);
    assert.deepEqual((await overRest(trabant)).refusal, refusal);
  });

  test('a model that is called by a number may be sent as one', async () => {
    const volvo = { manufacturer: 'Volvo', horsepower: 114, air_bags: 'driver', manual: true };
    assert.deepEqual(
      (await overRest({ ...volvo, model: 240 })).prediction,
      (await overRest({ ...volvo, model: '240' })).prediction,
    );
  });

  test('a known model of another maker is another vehicle, and refused', async () => {
    assert.equal((await predict({ ...passat, manufacturer: 'Ford' })).refusal?.code, 'UNKNOWN_VEHICLE');
  });

  test('the unit is in the signature, and no vehicle, which nobody gives', async () => {
    const { json } = await ask('GET', '/v1/models/car-price/signature');
    const { signature } = json as {
      signature: { features: { name: string }[]; outputSchema: string };
    };
    const names = signature.features.map(({ name }) => name);
    assert.deepEqual(names, ['manufacturer', 'model', 'horsepower', 'air_bags', 'manual']);
    assert.match(signature.outputSchema, /USD/);
  });

  test('a price that is too uncertain is refused until a revision says that it may be told', async () => {
    const { refusal } = await overRest(mercedes);
    assert.equal(refusal?.code, 'TOO_UNCERTAIN');
    assert.match(refusal.message, /^Anything from \d+ to \d+ USD: ask a dealer$/);
    const settings = 'car-price: { parameters: { max_width: 100000 } }';
    const head = 'revision: 3\nwhen: 2026-11-22T10:00:00Z\n';
    await store.put('_revisions/000003.yaml', `${head}models: { ${settings} }\n`);
    await waitFor('the new bound', async () => (await predict(mercedes)).outcome === 'prediction');
    assertPrice((await overRest(mercedes)).prediction?.outputs as Price);
  });
});
