import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Phoenix, RecordsKind } from '../../support/records.ts';
import { randomFrom } from '../support/random.ts';
import { assertScored } from './assert-scored.ts';
import { startNumberedEvents } from './numbered-events.ts';
import { type StreamPlant, startStreamPlant } from './plant.ts';
import { readTopics } from './read-topics.ts';

export interface KillOptions {
  readonly kind: RecordsKind;
  readonly kills: number;
  /** That each of the two streams scores. */
  readonly events: number;
  /** Longest pause between two kills. */
  readonly maxPauseMs: number;
}

const victimsOf = ({ scorers, gateways, runtimes, recorder }: StreamPlant): readonly [string, Phoenix][] => [
  ...scorers.map((scorer): [string, Phoenix] => ['scorer', scorer]),
  ...gateways.map((gateway): [string, Phoenix] => ['gateway', gateway]),
  ...runtimes.map((runtime): [string, Phoenix] => ['runtime', runtime]),
  ['recorder', recorder],
];

/**
 * Kills scorer, gateway, runtime and recorder in turn at random moments, while two streams score the same events: one of
 * them exactly once, and the other one at least once.
 */
export const killAtRandom = async (
  t: TestContext,
  { kind, kills, events: total, maxPauseMs }: KillOptions,
): Promise<void> => {
  const seed = Date.now() % 1_000_000;
  const random = randomFrom(seed);
  const startedAt = performance.now();
  await using plant = await startStreamPlant(kind);
  await using reader = await readTopics(plant.log);
  await using load = await startNumberedEvents(plant.log, reader.tally);
  const victims = victimsOf(plant);
  const killed = new Map<string, number>();
  const share = total / kills;
  for (let index = 0; index < kills; index += 1) {
    // There is always something to do.
    load.upTo(Math.min((index + 2) * share, total));
    await load.done(index * share);
    await pause(random() * maxPauseMs);
    const [name, victim] = victims[index % victims.length] ?? [];
    if (name === undefined || victim === undefined) continue;
    killed.set(name, (killed.get(name) ?? 0) + 1);
    await victim.kill();
    await pause(random() * maxPauseMs);
    await victim.restart();
  }
  const { events, repeated } = await assertScored(plant, reader);
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  const byName = [...killed].map(([name, times]) => `${name} ${times}`).join(', ');
  t.diagnostic(
    `seed ${seed}; | events | kills | seconds | exactly once: doubled, lost | at least once: doubled, lost | records doubled, lost |`,
  );
  t.diagnostic(`| ${events} | ${byName} | ${seconds} | 0, 0 | ${repeated}, 0 | 0, 0 |`);
};
