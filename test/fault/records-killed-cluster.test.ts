import { test } from 'node:test';
import { whyNoRecords } from '../support/records.ts';
import { killAtRandom } from './records/kill-at-random.ts';

test(
  'twelve kills at random moments lose no acknowledged prediction and double none, cluster',
  {
    skip: whyNoRecords('cluster'),
  },
  (t) => killAtRandom(t, { kind: 'cluster', kills: 12, predictions: 12_000, maxPauseMs: 500 }),
);
