import { waitFor } from '../../support/wait-for.ts';
import type { Outcome } from './outcome.ts';

/** Requests that one loop keeps under way. */
export const inFlight = 16;
/** Ends a loop that a test forgot to stop, and keeps ids exact as FP32. */
const maxRequests = 200_000;
/** After a failure, as a caller who was told to come back later. */
const pauseMs = 20;
/** A busy machine may take so long for some hundred answers, while processes start beside it. */
const moreMs = 60_000;

/** A closed loop, and how each of its requests ended. */
export interface Load extends Disposable {
  /** By id, in the order of arrival: exactly one is right. */
  readonly outcomes: ReadonlyMap<number, readonly Outcome[]>;
  count(code: string): number;
  /** Waits until so many more requests were answered. */
  more(answers: number): Promise<void>;
  /** Sends nothing more and waits for what is under way. */
  stop(): Promise<void>;
}

/** Sends ids 1, 2, 3, …, `inFlight` at a time, until it is stopped. */
export const startLoad = (send: (id: number) => Promise<Outcome>): Load => {
  const outcomes = new Map<number, Outcome[]>();
  const counts = new Map<string, number>();
  let lastId = 0;
  let isStopped = false;
  const loop = async (): Promise<void> => {
    while (!isStopped && lastId < maxRequests) {
      const id = ++lastId;
      const own: Outcome[] = [];
      outcomes.set(id, own);
      const outcome = await send(id);
      own.push(outcome);
      counts.set(outcome.code, (counts.get(outcome.code) ?? 0) + 1);
      if (outcome.code !== 'OK') await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  };
  const loops = Promise.all(Array.from({ length: inFlight }, loop));
  const count = (code: string): number => counts.get(code) ?? 0;
  return {
    outcomes,
    count,
    more: async (answers) => {
      const enough = count('OK') + answers;
      await waitFor(`${answers} more answers`, () => count('OK') >= enough, moreMs);
    },
    stop: async () => {
      isStopped = true;
      await loops;
    },
    [Symbol.dispose]: () => {
      isStopped = true;
    },
  };
};
