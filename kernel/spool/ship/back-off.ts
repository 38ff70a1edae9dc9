import { setTimeout as sleep } from 'node:timers/promises';

const firstMs = 50;
const mostMs = 5_000;

/** Waits between attempts, each time twice as long, up to five seconds. @throws the signal's reason */
export const backOff = (): ((signal: AbortSignal) => Promise<void>) => {
  let nextMs = firstMs;
  return async (signal) => {
    signal.throwIfAborted();
    const ms = nextMs;
    nextMs = Math.min(nextMs * 2, mostMs);
    await sleep(ms, undefined, { signal });
  };
};
