import type { Clock } from '../core/scheduler.ts';

/** A clock that stands until it is moved, with timers and things that happen at given times. */
export interface VirtualClock extends Clock {
  /** Something that comes from outside; the process sees it at its next turn. */
  at(ms: number, action: () => void): void;
  /** Lets time pass, as a session does that computes on the thread. */
  pass(ms: number): void;
  /**
   * Lets everything happen in its order until nothing is left.
   * @param whenQuiet called whenever all that is ready has run, before time goes on.
   */
  run(whenQuiet?: () => void): Promise<void>;
}

interface Event {
  readonly at: number;
  readonly action: () => void;
}

/** Lets what is ready run; nothing here waits for anything but promises. */
export const settled = () => new Promise((resolve) => setImmediate(resolve));

export const virtualClock = (): VirtualClock => {
  let nowMs = 0;
  let events: Event[] = [];
  let timers: Event[] = [];
  const isDue = ({ at }: Event): boolean => at <= nowMs;
  const happen = (): void => {
    const due = [...events.filter(isDue), ...timers.filter(isDue)].sort((one, other) => one.at - other.at);
    events = events.filter((event) => !isDue(event));
    timers = timers.filter((event) => !isDue(event));
    for (const { action } of due) action();
  };
  return {
    now: () => nowMs,
    turn: async () => happen(),
    later(ms, action) {
      const timer = { at: nowMs + ms, action };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    at: (ms, action) => void events.push({ at: ms, action }),
    pass: (ms) => {
      nowMs += ms;
    },
    async run(whenQuiet) {
      for (;;) {
        await settled();
        whenQuiet?.();
        const next = Math.min(...[...events, ...timers].map(({ at }) => at));
        if (next === Number.POSITIVE_INFINITY) return;
        nowMs = Math.max(nowMs, next);
        happen();
      }
    },
  };
};
