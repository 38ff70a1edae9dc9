import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../core/scheduler.ts';

/** Timers that are longer fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * The clock of the process. Timers count whole milliseconds and sleep at least one; for what is
 * shorter, such as a delay of 100 µs, each turn of the event loop looks at the time.
 */
export const nodeClock: Clock = {
  now: () => performance.now(),
  turn: () => nextTurn(),
  later(ms, callback) {
    if (ms < 1) {
      const immediate = setImmediate(callback);
      return () => clearImmediate(immediate);
    }
    const timer = setTimeout(callback, Math.min(Math.floor(ms), longestTimerMs));
    return () => clearTimeout(timer);
  },
};
