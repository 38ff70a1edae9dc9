import { CommandFailure } from './command-failure.ts';

/** As shells have it for Ctrl-C. */
const INTERRUPTED = 130;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs what has to tidy up behind itself: a signal aborts, and the command ends as interrupted. A second one kills, as
 * ever.
 * @throws CommandFailure INTERRUPTED
 */
export const interruptible = async <T>(run: (stop: AbortSignal) => Promise<T>): Promise<T> => {
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  for (const signal of signals) process.once(signal, stop);
  try {
    return await run(stopping.signal);
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
    throw new CommandFailure('stopped', { code: 'INTERRUPTED', exitCode: INTERRUPTED });
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
};
