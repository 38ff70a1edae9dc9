import { test } from 'node:test';
import { whyNoRecords } from '../support/records.ts';
import { takeAway } from './records/away.ts';

/** Long enough for several attempts to reach what is away; test/soak takes it away for a minute. */
const awayMs = 5_000;

for (const [kind, part] of [
  ['cluster', 'broker'],
  ['cluster', 'database'],
  ['embedded', 'database'],
] as const)
  test(`${kind}: the ${part} is away for a while, and nothing is lost`, { skip: whyNoRecords(kind) }, (t) =>
    takeAway(t, kind, { part, awayMs }),
  );
