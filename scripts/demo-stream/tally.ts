import type { Score } from './watch-scores.ts';

/** What has been seen in the sink. */
export interface Tally {
  note(scores: readonly Score[]): void;
  /** Different events: with at-least-once one may come twice. */
  readonly events: number;
  readonly repeated: number;
  readonly refused: number;
  readonly leaving: number;
  /** Milliseconds within which so large a part of the events came out. */
  quantile(part: number): number;
}

/** Times are counted by whole milliseconds, the last place for all that took longer. */
const mostMs = 60_000;

export const openTally = (events: number): Tally => {
  const seen = new Uint8Array(events);
  const times = new Uint32Array(mostMs + 1);
  const counts = { events: 0, repeated: 0, refused: 0, leaving: 0 };
  const noteOne = ({ event, answer, tookMs }: Score): void => {
    if (seen[event] === 1) {
      counts.repeated += 1;
      return;
    }
    seen[event] = 1;
    counts.events += 1;
    if (answer === undefined) counts.refused += 1;
    if (answer === 'yes') counts.leaving += 1;
    const place = Math.min(mostMs, Math.max(0, tookMs));
    times[place] = (times[place] ?? 0) + 1;
  };
  return {
    note: (scores) => scores.forEach(noteOne),
    get events() {
      return counts.events;
    },
    get repeated() {
      return counts.repeated;
    },
    get refused() {
      return counts.refused;
    },
    get leaving() {
      return counts.leaving;
    },
    quantile: (part) => {
      let left = counts.events * part;
      for (const [ms, count] of times.entries()) {
        left -= count;
        if (left <= 0) return ms;
      }
      return mostMs;
    },
  };
};
