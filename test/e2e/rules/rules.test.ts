import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { fromStruct, toStruct } from '@sluice/kernel/features/struct';
import type { Features } from '@sluice/kernel/features/value';
import type { ModelInferResponse__Output } from '@sluice/protos/gen/inference/ModelInferResponse';
import type { GetSignatureResponse__Output } from '@sluice/protos/gen/sluice/v1/GetSignatureResponse';
import type { PredictResponse__Output } from '@sluice/protos/gen/sluice/v1/PredictResponse';
import { type Clients, connect, unary } from '../../support/clients.ts';
import { type RunningSluice, startSluice } from '../../support/sluice.ts';
import { type TemporaryStore, temporaryStore } from '../../support/store.ts';
import { waitFor } from '../../support/wait-for.ts';
import { refusalOf } from '../bad-input/grpc-refusal.ts';
import { asking } from '../rest/ask.ts';
import { featureDoors, inferOf, type Rows, tensorDoors } from './ask-doors.ts';
import { quoteFiles } from './quote.ts';

const good = { vehicle: 'VW Golf', power: 90, age: 45 };
const goodRows: Rows = { vehicles: ['VW Golf'], numbers: [[90, 45, 2]] };

/** The same refusal, asked with features and with tensors. */
const refused: readonly {
  readonly name: string;
  readonly features: Features;
  readonly rows: Rows;
  readonly code: string;
  readonly message: string;
}[] = [
  {
    name: 'what a list of constants does not have',
    features: { ...good, vehicle: 'Trabant' },
    rows: { ...goodRows, vehicles: ['Trabant'] },
    code: 'UNKNOWN_VEHICLE',
    message: "No price for 'Trabant'",
  },
  {
    name: 'a number out of bounds',
    features: { ...good, age: 17 },
    rows: { ...goodRows, numbers: [[90, 17, 1]] },
    code: 'TOO_YOUNG',
    message: 'nobody of 17 may drive',
  },
  {
    name: 'an interval that is too wide, by what the model answers',
    features: { ...good, high: 110.5 },
    rows: { ...goodRows, high: 110.5 },
    code: 'TOO_UNCERTAIN',
    message: 'between 10 and 110.5',
  },
];

suite('rules, over every door', () => {
  const stack = new AsyncDisposableStack();
  let store: TemporaryStore;
  let sluice: RunningSluice;
  let clients: Clients;
  before(async () => {
    store = stack.use(await temporaryStore(quoteFiles));
    sluice = stack.use(await startSluice({ store: store.url, env: { ACCESS_LOG_SAMPLE: '1' } }));
    clients = stack.use(connect(sluice.gateway.grpc));
  });
  after(() => stack.disposeAsync());

  const predict = (features: Features): Promise<PredictResponse__Output> =>
    unary((done) => clients.prediction.Predict({ model: 'quote', features: toStruct(features) }, done));
  const infer = (rows: Rows): Promise<ModelInferResponse__Output> =>
    unary((done) => clients.inference.ModelInfer(inferOf(rows), done));
  const metric = async (start: string): Promise<number> => {
    const text = await (await fetch(`${sluice.gateway.metrics}/metrics`)).text();
    const lines = text.split('\n').filter((line) => line.startsWith(start));
    return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  };

  for (const { name, features, rows, code, message } of refused) {
    test(`${name} is refused where features come in: an outcome, and no error`, async () => {
      for (const [door, ask] of Object.entries(featureDoors(clients, sluice.gateway.http))) {
        const status = door.startsWith('REST') ? { status: 200 } : {};
        assert.deepEqual(await ask(features), { code, message, ...status }, door);
      }
    });
    test(`${name} is refused where tensors come in: FAILED_PRECONDITION with the rule's code`, async () => {
      const status: Readonly<Record<string, object>> = {
        ModelInfer: { status: 9 },
        'REST /v2': { status: 400 },
      };
      for (const [door, ask] of Object.entries(tensorDoors(clients, sluice.gateway.http)))
        assert.deepEqual(await ask(rows), { code, message, ...status[door] }, door);
    });
  }

  test('what no rule refuses is answered at every door', async () => {
    for (const ask of Object.values(featureDoors(clients, sluice.gateway.http)))
      assert.equal(await ask(good), undefined);
    for (const ask of Object.values(tensorDoors(clients, sluice.gateway.http)))
      assert.equal(await ask(goodRows), undefined);
  });

  test('outputs are numbers with their digits, intervals, lists and objects; derived features are computed', async () => {
    const { prediction } = await predict(good);
    assert.deepEqual(fromStruct(prediction?.outputs ?? null), {
      ratio: 2,
      interval: { lower: 10, upper: 20.1 },
      best: [
        { label: 'power', score: 90 },
        { label: 'age', score: 45 },
      ],
      car: { vehicle: 'VW Golf', power: 90 },
    });
  });

  test('the signature has a schema of the outputs, and no feature that nobody gives', async () => {
    const { signature } = await unary<GetSignatureResponse__Output>((done) =>
      clients.model.GetSignature({ model: 'quote' }, done),
    );
    assert.deepEqual(
      signature?.features.map(({ name }) => name),
      ['vehicle', 'power', 'age', 'low', 'high'],
    );
    const schema = JSON.parse(signature?.outputSchema ?? '') as { readonly required: readonly string[] };
    assert.deepEqual(schema.required, ['ratio', 'interval', 'best', 'car']);
  });

  test('who gives a derived feature is told', async () => {
    await assert.rejects(predict({ ...good, ratio: 3 }), (error: unknown) => {
      const { code, violations } = refusalOf(error);
      return code === 'INVALID_INPUT' && violations?.[0]?.path === 'features.ratio';
    });
  });

  test('a refusal has an id, its release, and no time that anything took to compute', async () => {
    const answer = await predict({ ...good, vehicle: 'Trabant' });
    assert.match(answer.predictionId, /^[0-9a-f-]{36}$/);
    assert.equal(answer.release?.version, '1.0.0');
    assert.equal(answer.timings?.computeMs, 0);
    assert.equal(answer.outcome, 'refusal');
  });

  test('of several rows the one that is refused is named', async () => {
    const rows: Rows = {
      vehicles: ['VW Golf', 'Trabant'],
      numbers: [
        [90, 45, 2],
        [26, 45, 1],
      ],
    };
    await assert.rejects(infer(rows), (error: unknown) => {
      assert.equal(refusalOf(error).message, "row 1: No price for 'Trabant'");
      return true;
    });
  });

  test('only wanted outputs come, whatever rules look at', async () => {
    const answer = await infer({ ...goodRows, outputs: ['y1'] });
    assert.deepEqual(
      answer.outputs.map(({ name }) => name),
      ['y1'],
    );
    await assert.rejects(infer({ ...goodRows, high: 500, outputs: ['y1'] }));
  });

  test('a rule that cannot be evaluated is a fault of the release, which is named', async () => {
    await assert.rejects(predict({ vehicle: 'VW Golf', power: 2000 }), (error: unknown) => {
      const { code, message, status } = refusalOf(error);
      assert.deepEqual([code, status], ['RULE_FAILED', 13]);
      assert.match(message, /^rule BROKEN of quote 1\.0\.0 failed: no such overload/);
      return true;
    });
    const reply = await asking(sluice.gateway.http)('POST', '/v1/models/quote:predict', {
      features: { vehicle: 'VW Golf', power: 2000 },
    });
    assert.equal(reply.status, 500);
  });

  test('what a caller writes is put into a message as it is, and never evaluated', async () => {
    const injected = `$\{power} '+ power +'`;
    const { refusal } = await predict({ ...good, vehicle: injected });
    assert.equal(refusal?.message, `No price for '${injected}'`);
  });

  test('refusals are counted by code, and as no failure; those before the model are not counted as computed', async () => {
    const refusals = 'sluice_refusals_total{model="quote",version="1.0.0",code="UNKNOWN_VEHICLE"';
    const names = [
      refusals,
      'nv_inference_request_failure',
      'nv_inference_count',
      'sluice_admission_refused_total',
    ];
    const before = await Promise.all(names.map(metric));
    await predict({ ...good, vehicle: 'Trabant' });
    const later = await Promise.all(names.map(metric));
    assert.deepEqual(
      later.map((value, index) => value - (before[index] ?? 0)),
      [1, 0, 0, 0],
    );
  });

  test('the access log says that a rule refused, and by which code', async () => {
    await predict({ ...good, vehicle: 'Trabant' });
    const { code, version } = await sluice.gateway.line('refused by rule');
    assert.deepEqual([code, version], ['UNKNOWN_VEHICLE', '1.0.0']);
  });

  test('a parameter of the revision moves a bound at once, and one of another type is told', async () => {
    const wide = { ...good, high: 200 };
    assert.equal((await predict(wide)).refusal?.code, 'TOO_UNCERTAIN');
    const revise = (revision: number, max: string) =>
      store.put(
        `_revisions/00000${revision}.yaml`,
        `revision: ${revision}\nwhen: 2026-11-20T10:00:00Z\nmodels: { quote: { parameters: { max_width: ${max} } } }\n`,
      );
    await revise(1, '1000');
    await waitFor('the new bound', async () => (await predict(wide)).outcome === 'prediction');
    await revise(2, 'much');
    await waitFor('the wrong bound', () =>
      predict(wide).then(
        () => false,
        (error: unknown) => /parameters.max_width is a string/.test(refusalOf(error).message),
      ),
    );
  });
});
