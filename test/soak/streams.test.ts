import { test } from 'node:test';
import { killAtRandom } from '../fault/streams/kill-at-random.ts';
import { whyNoRecords } from '../support/records.ts';

/** SOAK_KILLS and SOAK_EVENTS make it shorter. */
const kills = Number(process.env['SOAK_KILLS'] ?? 100);
const events = Number(process.env['SOAK_EVENTS'] ?? 1_000_000);

/** The embedded log, which has one scorer at a time, gets a tenth. */
for (const [kind, all] of [
  ['cluster', events],
  ['embedded', Math.ceil(events / 10)],
] as const)
  test(`${kills} kills over ${all} events, ${kind}`, { skip: whyNoRecords(kind) }, (t) =>
    killAtRandom(t, { kind, kills, events: all, maxPauseMs: 3_000 }),
  );
