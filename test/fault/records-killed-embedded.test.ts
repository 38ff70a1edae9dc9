import { test } from 'node:test';
import { whyNoRecords } from '../support/records.ts';
import { killAtRandom } from './records/kill-at-random.ts';

test(
  'twelve kills at random moments lose no acknowledged prediction and double none, embedded',
  {
    skip: whyNoRecords('embedded'),
  },
  (t) => killAtRandom(t, { kind: 'embedded', kills: 12, predictions: 12_000, maxPauseMs: 500 }),
);
