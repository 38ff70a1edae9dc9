import { test } from 'node:test';
import { takeAway } from '../fault/records/away.ts';
import { whyNoRecords } from '../support/records.ts';

/** SOAK_AWAY_MS makes it shorter. */
const awayMs = Number(process.env['SOAK_AWAY_MS'] ?? 60_000);

for (const [kind, part] of [
  ['cluster', 'broker'],
  ['cluster', 'database'],
  ['embedded', 'database'],
] as const)
  test(`${kind}: the ${part} is away for ${awayMs} ms`, { skip: whyNoRecords(kind) }, (t) =>
    takeAway(t, kind, { part, awayMs }),
  );
