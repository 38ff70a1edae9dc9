import type { Goal, Look } from './goal.ts';

const megabytes = (mebibytes: number): number => (mebibytes * 2 ** 20) / 1e6;

/** Of the rows that were measured. */
const mostOf = (look: Look, ...rows: readonly string[]): number => {
  const peaks = rows.map((row) => look(row, 'consumerPeakMiB')).filter(Number.isFinite);
  return peaks.length === 0 ? Number.NaN : Math.max(...peaks);
};

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
  {
    text: 'recorder into PostgreSQL, rows/s',
    atLeast: 10_000,
    stretch: 40_000,
    better: 'higher',
    unit: '',
    measure: (look) => look('recorder-postgres', 'rowsPerSecond'),
  },
  {
    text: 'recorder into PGlite, rows/s',
    atLeast: 8_000,
    stretch: 20_000,
    better: 'higher',
    unit: '',
    measure: (look) => look('recorder-pglite', 'rowsPerSecond'),
  },
  {
    text: 'the recorder meanwhile: its RssAnon, the most of both',
    atLeast: 200,
    stretch: 120,
    better: 'lower',
    unit: ' MB',
    measure: (look) => megabytes(mostOf(look, 'recorder-postgres', 'recorder-pglite')),
  },
  {
    text: 'reply to row in PostgreSQL at a tenth of peak, p99',
    atLeast: 1_000,
    stretch: 200,
    better: 'lower',
    unit: ' ms',
    measure: (look) => look('reply-to-row', 'p99Ms'),
  },
];
