import type { Waiter } from '../core/admission/model-gate.ts';

/** Somebody who waits, and what became of it. */
export interface TestWaiter extends Waiter {
  /** `admitted`, or why it was refused; each entry is one call. */
  readonly fate: readonly string[];
}

/** Makes waiters that arrive one after the other. */
export const createWaiters = (): ((more: Partial<Waiter>) => TestWaiter) => {
  let arrivals = 0;
  return (more) => {
    const fate: string[] = [];
    arrivals += 1;
    return {
      priority: 100,
      dueAt: Number.POSITIVE_INFINITY,
      sequence: arrivals,
      isStreamed: false,
      ...more,
      fate,
      admit: () => void fate.push('admitted'),
      refuse: (reason) => void fate.push(reason),
    };
  };
};
