import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Metadata } from '@grpc/grpc-js';
import { fromStruct, toStruct } from '@sluice/kernel/features/struct';
import type { GetPredictionResponse__Output } from '@sluice/protos/gen/sluice/v1/GetPredictionResponse';
import { inferRequest } from '../../../support/churn.ts';
import { unary } from '../../../support/clients.ts';
import { waitFor } from '../../../support/wait-for.ts';
import type { World } from '../world.ts';

const house = { lot_size: 5850, bedrooms: 3, bathrooms: 1, stories: 2, garage_places: 1 };
const unknownCar = { manufacturer: 'Trabant', model: '601', horsepower: 30 };
const predictionId = 'sluice_prediction_id';
const pixels = 64;
const zeros = Buffer.alloc(pixels * 4);
const image = {
  modelName: 'digits',
  modelVersion: '1',
  inputs: [{ name: 'image', datatype: 'FP32', shape: [1, 8, 8] }],
  rawInputContents: [zeros],
};

/** The first message that a stream answers; the stream is ended. */
const firstOf = async <Out>(
  stream: NodeJS.EventEmitter & { write(item: object): void; end(): void },
  item: object,
) => {
  stream.write(item);
  const [message] = (await once(stream, 'data')) as [Out];
  stream.end();
  return message;
};

/** Every door, every outcome. */
export const doorCases = (world: World): void => {
  const recordOf = async (id: string): Promise<NonNullable<GetPredictionResponse__Output['record']>> => {
    await world().row(id);
    const { record } = await world().get(id);
    assert.ok(record);
    return record;
  };
  const latest = async (door: string, code: string) => {
    const [row] = await world().rows(
      'select id from predictions where door = $1 and code = $2 order by time desc limit 1',
      [door, code],
    );
    return row?.['id'] as string | undefined;
  };

  test('tensors over gRPC are kept as the bytes that came, with those that were answered', async () => {
    const { clients } = world();
    const answer = await unary<{
      parameters: Record<string, { stringParam?: string }>;
      rawOutputContents: Buffer[];
    }>((done) => clients.inference.ModelInfer({ ...image, id: 'infer' }, done));
    const record = await recordOf(answer.parameters[predictionId]?.stringParam ?? '');
    assert.equal(record.door, 'grpc');
    assert.equal(record.requestId, 'infer');
    assert.equal(record.version, '1');
    const [sent] = record.input?.tensors?.tensors ?? [];
    assert.equal(sent?.datatype, 'FP32');
    assert.deepEqual(sent?.shape, [1, 8, 8]);
    assert.deepEqual(sent?.raw, zeros);
    assert.deepEqual(
      record.outcome?.tensors?.tensors.map(({ raw }) => raw),
      answer.rawOutputContents,
    );
    assert.equal(record.notReplayable, '');
  });

  test('an item of a stream is a record of its own', async () => {
    const { clients } = world();
    const item = { predict: { model: 'house-price', features: toStruct(house), requestId: 'item' } };
    const { response } = await firstOf<{ response: { predictionId: string } }>(
      clients.prediction.PredictStream(),
      item,
    );
    const record = await recordOf(response.predictionId);
    assert.equal(record.door, 'grpc-stream');
    assert.equal(record.requestId, 'item');
  });

  test('a tensor that is made of redacted features is not recorded', async () => {
    const { clients } = world();
    const answer = await unary<{ parameters: Record<string, { stringParam?: string }> }>((done) =>
      clients.inference.ModelInfer(inferRequest(), done),
    );
    const record = await recordOf(answer.parameters[predictionId]?.stringParam ?? '');
    assert.deepEqual(record.input?.tensors?.tensors, []);
    assert.notEqual(record.notReplayable, '');
  });

  test('REST: named features, and tensors', async () => {
    const { ask } = world();
    const named = await ask('POST', '/v1/models/house-price:predict', { features: house });
    const first = await recordOf(named.headers.get('sluice-prediction-id') ?? '');
    assert.equal(first.door, 'rest');
    assert.deepEqual(fromStruct(first.input?.features ?? null), house);
    const inputs = [{ name: 'image', datatype: 'FP32', shape: [1, 8, 8], data: Array(pixels).fill(0) }];
    const tensors = await ask('POST', '/v2/models/digits/infer', { inputs });
    const { parameters } = tensors.json as { parameters: Record<string, string> };
    const second = await recordOf(parameters[predictionId] ?? '');
    assert.deepEqual(second.input?.tensors?.tensors[0]?.raw, zeros);
  });

  test("a refusal is recorded with the rule's code and message", async () => {
    const { ask } = world();
    const { json } = await ask('POST', '/v1/models/car-price:predict', { features: unknownCar });
    const answer = json as { predictionId: string; refusal: { code: string; message: string } };
    const record = await recordOf(answer.predictionId);
    assert.equal(record.code, 'UNKNOWN_VEHICLE');
    assert.deepEqual(record.outcome?.refusal, answer.refusal);
  });

  test('an invalid input is recorded with its violations', async () => {
    const { ask } = world();
    const { status } = await ask('POST', '/v1/models/house-price:predict', { features: { lot_size: 'big' } });
    assert.equal(status, 422);
    const id = await waitFor('its row', () => latest('rest', 'INVALID_INPUT'), 60_000);
    const { outcome, release } = await recordOf(id);
    assert.equal(release?.version, '1.0.0');
    assert.equal(outcome?.failure?.code, 'INVALID_INPUT');
    assert.ok(outcome?.failure?.violations.some(({ path }) => path === 'features.lot_size'));
  });

  test('a model that is not there is recorded as asked for', async () => {
    const { ask } = world();
    await ask('POST', '/v1/models/nobody:predict', { features: { a: 1 } });
    const id = await waitFor('its row', () => latest('rest', 'MODEL_NOT_FOUND'), 60_000);
    const record = await recordOf(id);
    assert.equal(record.model, 'nobody');
    assert.equal(record.release, null);
  });

  test('features that the revision redacts leave the gateway hashed, or not at all', async () => {
    const { ask, rows } = world();
    const secret = { contract: 'Month-to-month', internet_service: 'Fiber optic' };
    const ids: string[] = [];
    for (const tenure of [1, 2]) {
      const features = { tenure, monthly_charges: 70.35, ...secret };
      const { json } = await ask('POST', '/v1/models/churn:predict', { features });
      ids.push((json as { predictionId: string }).predictionId);
    }
    const records = await Promise.all(ids.map(recordOf));
    const [one, other] = records.map(({ input }) => fromStruct(input?.features ?? null));
    assert.equal(one?.['internet_service'], undefined);
    assert.notEqual(one?.['contract'], secret.contract);
    assert.equal(one?.['contract'], other?.['contract'], 'equal values have equal hashes');
    assert.notEqual(records[0]?.notReplayable, '');
    const stored = await rows(
      'select features::text || encode(record, $2) as text from predictions where id = $1',
      [ids[0], 'escape'],
    );
    for (const value of Object.values(secret)) assert.ok(!String(stored[0]?.['text']).includes(value), value);
  });

  test('an input over record.maxBytes is replaced by its digest and sizes', async () => {
    const { ask } = world();
    const inputs = [{ name: 'image', datatype: 'FP32', shape: [8, 8, 8], data: Array(512).fill(1) }];
    const { json } = await ask('POST', '/v2/models/digits/infer', { inputs });
    const record = await recordOf(
      (json as { parameters: Record<string, string> }).parameters[predictionId] ?? '',
    );
    assert.match(record.input?.omitted?.digest ?? '', /^sha256:[0-9a-f]{64}$/);
    assert.deepEqual(record.input?.omitted?.sizes, { image: 2048 });
    assert.notEqual(record.notReplayable, '');
  });

  test('what is marked as synthetic is recorded with the mark; a replay is not recorded', async () => {
    const { ask } = world();
    const asked = async (mark: string): Promise<string> => {
      const path = '/v1/models/house-price:predict';
      const { json } = await ask('POST', path, { features: house }, { 'sluice-synthetic': mark });
      return (json as { predictionId: string }).predictionId;
    };
    const [marked, replayed] = [await asked('true'), await asked('replay')];
    assert.equal((await recordOf(marked)).synthetic, true);
    assert.equal((await ask('GET', `/v1/predictions/${marked}`)).status, 200);
    assert.notEqual((await ask('GET', `/v1/predictions/${replayed}`)).status, 200);
  });

  test('one trace leads from the caller through gateway, runtime and topic to the row', async () => {
    const { clients, collector, row } = world();
    const traceId = '5af7651916cd43dd8448eb211c80319c';
    const metadata = new Metadata();
    metadata.set('traceparent', `00-${traceId}-00f067aa0ba902b7-01`);
    const request = { model: 'house-price', features: toStruct(house) };
    const answer = await unary<{ predictionId: string }>((done) =>
      clients.prediction.Predict(request, metadata, done),
    );
    const stored = await row(answer.predictionId);
    assert.equal(stored['trace_id'], traceId);
    const named = (service: string, name: string) =>
      waitFor(
        `the span ${name} of ${service}`,
        () =>
          collector.spans.find(
            (span) => span.traceId === traceId && span.service === service && span.name === name,
          ),
        60_000,
      );
    const server = await named('sluice-gateway', 'sluice.v1.PredictionService/Predict');
    const compute = await named('sluice-model-runtime', 'compute');
    const create = await named('sluice-gateway', 'create sluice.predictions.v1');
    const process = await named('sluice-consumers', 'process sluice.predictions.v1');
    assert.equal(compute.parentSpanId, server.spanId);
    assert.equal(create.parentSpanId, server.spanId);
    assert.equal(process.parentSpanId, create.spanId);
    const system = String(process.attributes['messaging.system']);
    assert.match(system, /^(kafka|lmdb)$/);
    assert.equal(create.attributes['messaging.system'], system);
    assert.equal(process.attributes['sluice.prediction_id'], answer.predictionId);
  });
};
