import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '@sluice/kernel/telemetry/log';

const firstWaitMs = 100;
const longestWaitMs = 10_000;

export interface Trying {
  readonly log: Log;
  readonly signal: AbortSignal;
  /** What is tried: nobody else tries the same at the same time. */
  readonly what: string;
  /** What fails now, of all who try something: the first one says so, and the last one that it goes again. */
  readonly failures: Set<string>;
}

/**
 * Does something until it succeeds, with longer and longer waits.
 * @throws the signal's reason
 */
export const keepTrying = async <T>(
  { log, signal, what, failures }: Trying,
  action: () => Promise<T>,
): Promise<T> => {
  try {
    for (let waitMs = firstWaitMs; ; waitMs = Math.min(2 * waitMs, longestWaitMs)) {
      signal.throwIfAborted();
      try {
        const done = await action();
        if (failures.delete(what) && failures.size === 0) log.info(`${what}: goes on`);
        return done;
      } catch (err) {
        signal.throwIfAborted();
        if (failures.size === 0) log.warn({ err }, `${what}: failed, it is tried until it goes`);
        failures.add(what);
      }
      await pause(waitMs, undefined, { signal });
    }
  } finally {
    failures.delete(what);
  }
};
