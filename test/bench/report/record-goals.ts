import type { Goal } from './goal.ts';

/** What keeping records may cost. */
export const recordGoals: readonly Goal[] = [
  {
    text: '64 in flight with `record: required`, against no records',
    atLeast: 85,
    stretch: 92,
    better: 'higher',
    unit: '%',
    measure: (look) =>
      (100 * look('unary-64-recorded', 'requestsPerSecond')) /
      look('unary-64-unrecorded', 'requestsPerSecond'),
  },
  {
    text: 'the same, traced at 10 % in addition',
    atLeast: 80,
    stretch: 90,
    better: 'higher',
    unit: '%',
    measure: (look) =>
      (100 * look('unary-64-recorded-traced', 'requestsPerSecond')) /
      look('unary-64-unrecorded', 'requestsPerSecond'),
  },
];
