import type { Goal, Look } from './goal.ts';

const megabytes = (mebibytes: number): number => (mebibytes * 2 ** 20) / 1e6;

/** In percent of what a program does that only copies the events. */
const ofPassThrough = (look: Look, row: string): number =>
  (100 * look(row, 'rowsPerSecond')) / look('stream-pass-through', 'rowsPerSecond');

const scoredRows = ['stream-at-least-once', 'stream-exactly-once', 'stream-recorded'] as const;

const mostMemory = (look: Look): number => {
  const peaks = scoredRows.map((row) => look(row, 'consumerPeakMiB')).filter(Number.isFinite);
  return peaks.length === 0 ? Number.NaN : megabytes(Math.max(...peaks));
};

/** What scoring a stream may cost. */
export const streamGoals: readonly Goal[] = [
  {
    text: 'a stream scored at least once, not recorded, events/s, against a kafkajs pass-through',
    atLeast: 40,
    stretch: 65,
    better: 'higher',
    unit: '%',
    measure: (look) => ofPassThrough(look, 'stream-at-least-once'),
  },
  {
    text: 'the same exactly once',
    atLeast: 30,
    stretch: 50,
    better: 'higher',
    unit: '%',
    measure: (look) => ofPassThrough(look, 'stream-exactly-once'),
  },
  {
    text: 'the same at least once with `record: required`',
    atLeast: 25,
    stretch: 45,
    better: 'higher',
    unit: '%',
    measure: (look) => ofPassThrough(look, 'stream-recorded'),
  },
  {
    text: 'event to scored event at half of peak, p99',
    atLeast: 100,
    stretch: 25,
    better: 'lower',
    unit: ' ms',
    measure: (look) => look('stream-latency', 'p99Ms'),
  },
  {
    text: 'the scorer under load: its RssAnon, the most of all rows',
    atLeast: 200,
    stretch: 120,
    better: 'lower',
    unit: ' MB',
    measure: mostMemory,
  },
];
