import { test } from 'node:test';
import { whyNoRecords } from '../support/records.ts';
import { killAtRandom } from './streams/kill-at-random.ts';

test(
  'twelve kills at random moments: each event is scored once, in order, and recorded once, embedded',
  { skip: whyNoRecords('embedded') },
  (t) => killAtRandom(t, { kind: 'embedded', kills: 12, events: 20_000, maxPauseMs: 500 }),
);
