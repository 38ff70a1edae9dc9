import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { GetPredictionResponse__Output } from '@sluice/protos/gen/sluice/v1/GetPredictionResponse';
import { unary } from '../support/clients.ts';
import { whyNoRecords } from '../support/records.ts';
import { assertExactlyOnce } from './records/exactly-once.ts';
import { startPlant } from './records/plant.ts';
import { startRecordedLoad } from './records/recorded-load.ts';

const enough = 300;
const clockBack = fileURLToPath(new URL('records/clock-back/main.ts', import.meta.url));

test("a gateway's clock is set back by an hour, and every prediction is found and stored once", {
  skip: whyNoRecords('embedded'),
}, async () => {
  await using plant = await startPlant('embedded', { env: { NODE_OPTIONS: `--import ${clockBack}` } });
  const { running, clients } = plant.gateway;
  using load = startRecordedLoad([plant.gateway]);
  await load.more(enough);
  running.signal('SIGUSR2');
  await load.more(enough);
  const predictionId = [...load.acknowledged].at(-1) ?? '';
  const found = await unary<GetPredictionResponse__Output>((done) =>
    clients.prediction.GetPrediction({ predictionId }, done),
  );
  assert.equal(found.record?.predictionId, predictionId);
  await load.stop();
  assert.deepEqual(load.failures, new Map());
  await assertExactlyOnce(plant, load.acknowledged);
  const times = [...load.acknowledged].map((id) => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
  assert.ok(
    times.some((time, index) => time < (times[index - 1] ?? 0) - 3_000_000),
    'the clock went back while it was asked',
  );
});
