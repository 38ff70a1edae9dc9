import { setTimeout as pause } from 'node:timers/promises';

/** Runs a task at once and then from time to time, until it is disposed of; what it throws is told and it goes on. */
export const repeat = (
  task: (signal: AbortSignal) => Promise<void>,
  { intervalMs, onError }: { readonly intervalMs: number; readonly onError: (error: unknown) => void },
): AsyncDisposable => {
  const closing = new AbortController();
  const { signal } = closing;
  const loop = async (): Promise<void> => {
    while (!signal.aborted) {
      await task(signal).catch(onError);
      await pause(intervalMs, undefined, { signal }).catch(() => undefined);
    }
  };
  const looping = loop();
  return {
    [Symbol.asyncDispose]: async () => {
      closing.abort();
      await looping;
    },
  };
};
