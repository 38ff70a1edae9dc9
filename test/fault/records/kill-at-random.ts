import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Phoenix, RecordsKind } from '../../support/records.ts';
import { randomFrom } from '../support/random.ts';
import { assertExactlyOnce } from './exactly-once.ts';
import { startPlant } from './plant.ts';
import { startRecordedLoad } from './recorded-load.ts';

export interface KillOptions {
  readonly kind: RecordsKind;
  readonly kills: number;
  /** That must be acknowledged at least. */
  readonly predictions: number;
  /** Longest pause between two kills. */
  readonly maxPauseMs: number;
}

/**
 * Kills gateway, consumers, database and broker in turn at random moments under load: in the end every acknowledged
 * prediction is in the database exactly once, by the client's own list.
 */
export const killAtRandom = async (
  t: TestContext,
  { kind, kills, predictions, maxPauseMs }: KillOptions,
): Promise<void> => {
  const seed = Date.now() % 1_000_000;
  const random = randomFrom(seed);
  await using plant = await startPlant(kind);
  const { gateway, consumers, pair } = plant;
  const victims: readonly Phoenix[] = [
    gateway,
    consumers,
    pair.database,
    ...(pair.broker ? [pair.broker] : []),
  ];
  using load = startRecordedLoad([gateway]);
  for (let index = 0; index < kills; index += 1) {
    await load.more(Math.ceil(predictions / kills));
    await pause(random() * maxPauseMs);
    const victim = victims[index % victims.length];
    await victim?.kill();
    await pause(random() * maxPauseMs);
    await victim?.restart();
  }
  await load.stop();
  assert.ok(load.acknowledged.size >= predictions, `${load.acknowledged.size} were acknowledged`);
  await assertExactlyOnce(plant, load.acknowledged);
  t.diagnostic(
    `seed ${seed}: ${kills} kills, ${load.acknowledged.size} predictions, each stored exactly once`,
  );
};
