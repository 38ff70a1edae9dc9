import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { GetPredictionResponse__Output } from '@sluice/protos/gen/sluice/v1/GetPredictionResponse';
import { unary } from '../../support/clients.ts';
import type { Phoenix, RecordsKind } from '../../support/records.ts';
import { assertExactlyOnce } from './exactly-once.ts';
import { type Plant, startPlant } from './plant.ts';
import { startRecordedLoad } from './recorded-load.ts';

const enough = 1_000;

const lastOf = (ids: ReadonlySet<string>): string => [...ids].at(-1) ?? '';

const get = ({ gateway }: Plant, predictionId: string): Promise<GetPredictionResponse__Output> =>
  unary((done) => gateway.clients.prediction.GetPrediction({ predictionId }, done));

/**
 * Takes a part away for a while under load: predictions go on, each is found at its gateway, and all are stored once the
 * part is back.
 */
export const takeAway = async (
  t: TestContext,
  kind: RecordsKind,
  { part, awayMs }: { readonly part: 'broker' | 'database'; readonly awayMs: number },
): Promise<void> => {
  await using plant = await startPlant(kind);
  const taken: Phoenix | undefined = plant.pair[part];
  assert.ok(taken, `${kind} has a ${part} that can be taken away`);
  using load = startRecordedLoad([plant.gateway]);
  await load.more(enough);
  await taken.kill();
  await load.more(enough);
  await pause(awayMs);
  await load.more(enough);
  const id = lastOf(load.acknowledged);
  assert.equal((await get(plant, id)).record?.predictionId, id);
  assert.deepEqual(load.failures, new Map());
  await taken.restart();
  await load.more(enough);
  await load.stop();
  await assertExactlyOnce(plant, load.acknowledged);
  t.diagnostic(
    `${load.acknowledged.size} predictions, the ${part} away for ${awayMs} ms, each stored exactly once`,
  );
};
