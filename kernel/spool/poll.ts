import { setTimeout as sleep } from 'node:timers/promises';

/** Does something again and again until the signal is aborted; what it throws ends nothing and is its own affair. */
export const poll = async (
  everyMs: number,
  signal: AbortSignal,
  work: () => Promise<void>,
): Promise<void> => {
  const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  while (!signal.aborted) {
    // Who closes does not wait for a database that does not answer.
    await Promise.race([work(), aborted]);
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
};

/** Says the first of a row of failures, and when it is over. */
export const sayOnce = (said: { failed: (error: unknown) => void; works: () => void }) => {
  let isFailing = false;
  return async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
      if (isFailing) said.works();
      isFailing = false;
    } catch (error) {
      if (!isFailing) said.failed(error);
      isFailing = true;
    }
  };
};
