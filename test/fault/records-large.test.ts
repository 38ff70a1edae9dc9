import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelInferResponse__Output } from '@sluice/protos/gen/inference/ModelInferResponse';
import type { GetPredictionResponse__Output } from '@sluice/protos/gen/sluice/v1/GetPredictionResponse';
import { unary } from '../support/clients.ts';
import { type RecordsKind, whyNoRecords } from '../support/records.ts';
import { waitFor } from '../support/wait-for.ts';
import { assertExactlyOnce } from './records/exactly-once.ts';
import { startPlant } from './records/plant.ts';
import { startRecordedLoad } from './records/recorded-load.ts';

/** Four mebibytes: more than a message of Kafka may be, in input and output. */
const columns = 1024 ** 2;

for (const kind of ['embedded', 'cluster'] satisfies RecordsKind[])
  test(`a record over the limit of a message goes without what is too large, and holds up no other one, ${kind}`, {
    skip: whyNoRecords(kind),
  }, async () => {
    await using plant = await startPlant(kind);
    const { gateway, rows } = plant;
    using load = startRecordedLoad([gateway]);
    const request = {
      modelName: 'wide',
      inputs: [{ name: 'x0', datatype: 'FP32', shape: [1, columns] }],
      rawInputContents: [Buffer.alloc(columns * 4)],
    };
    const answer = await unary<ModelInferResponse__Output>((done) =>
      gateway.clients.inference.ModelInfer(request, done),
    );
    const predictionId = answer.parameters['sluice_prediction_id']?.stringParam ?? '';
    await load.more(100);
    await load.stop();
    await assertExactlyOnce(plant, load.acknowledged);
    await waitFor(
      'its row',
      async () => (await rows('select id from predictions where id = $1', [predictionId])).length === 1,
      60_000,
    );
    const { record } = await unary<GetPredictionResponse__Output>((done) =>
      gateway.clients.prediction.GetPrediction({ predictionId }, done),
    );
    assert.equal(record?.input?.omitted?.size !== undefined, true);
    assert.match(record?.warnings.join() ?? '', /what was answered is not in it/);
  });
