import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whyNoRecords } from '../support/records.ts';
import { assertExactlyOnce } from './records/exactly-once.ts';
import { startPlant } from './records/plant.ts';
import { startRecordedLoad } from './records/recorded-load.ts';

const enough = 500;

test('what a gateway leaves behind that never comes back is shipped by the one beside it', {
  skip: whyNoRecords('embedded'),
}, async () => {
  await using plant = await startPlant('embedded');
  const left = await plant.open();
  // So that spools are not empty when one of the gateways goes.
  await plant.pair.database.kill();
  using load = startRecordedLoad([plant.gateway, left]);
  await load.more(enough);
  await left.kill();
  await load.more(enough);
  await plant.pair.database.restart();
  await load.stop();
  assert.ok(load.failures.size > 0, 'the killed gateway was asked too');
  await assertExactlyOnce(plant, load.acknowledged);
});
