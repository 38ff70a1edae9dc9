import { setTimeout as pause } from 'node:timers/promises';
import { fromUnknown } from '@sluice/kernel/errors/from-unknown';
import type { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { type RetryWaits, waitMsAfter } from './retry.ts';

export interface Trying {
  readonly signal: AbortSignal;
  readonly waits: RetryWaits;
  /** Told of each failure. @throws what is not to be tried again */
  readonly onError: (error: SluiceError) => void | Promise<void>;
}

/**
 * Does something until it succeeds, with longer and longer waits.
 * @throws the signal's reason; what onError throws
 */
export const keepTrying = async <T>(
  action: () => Promise<T>,
  { signal, waits, onError }: Trying,
): Promise<T> => {
  for (let attempts = 1; ; attempts += 1) {
    signal.throwIfAborted();
    try {
      return await action();
    } catch (thrown) {
      signal.throwIfAborted();
      const error = fromUnknown(thrown);
      await onError(error);
      await pause(waitMsAfter(attempts, error, waits), undefined, { signal });
    }
  }
};
