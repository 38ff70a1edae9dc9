import { test } from 'node:test';
import { whyNoRecords } from '../support/records.ts';
import { killAtRandom } from './streams/kill-at-random.ts';

test(
  'twelve kills at random moments: each event is scored once, in order, and recorded once, cluster',
  { skip: whyNoRecords('cluster') },
  (t) => killAtRandom(t, { kind: 'cluster', kills: 12, events: 100_000, maxPauseMs: 500 }),
);
