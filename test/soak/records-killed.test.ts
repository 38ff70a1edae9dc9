import { test } from 'node:test';
import { killAtRandom } from '../fault/records/kill-at-random.ts';
import { type RecordsKind, whyNoRecords } from '../support/records.ts';

/** SOAK_KILLS and SOAK_PREDICTIONS make it shorter. */
const kills = Number(process.env['SOAK_KILLS'] ?? 100);
const predictions = Number(process.env['SOAK_PREDICTIONS'] ?? 1_000_000);

for (const kind of ['embedded', 'cluster'] satisfies RecordsKind[])
  test(`${kills} kills over ${predictions} predictions, ${kind}`, { skip: whyNoRecords(kind) }, (t) =>
    killAtRandom(t, { kind, kills, predictions, maxPauseMs: 3_000 }),
  );
