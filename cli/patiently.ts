import { setTimeout as wait } from 'node:timers/promises';
import { isCode, meaningOf } from '@sluice/kernel/errors/codes';
import { CommandFailure } from './command-failure.ts';

const tries = 6;
const firstPauseMs = 100;

const isPassing = (error: unknown): boolean =>
  error instanceof CommandFailure && isCode(error.code) && meaningOf(error.code).retryable;

/**
 * Tries again what the gateway has no room or no runtime for just now; from pause to pause twice as long, three seconds
 * in all. The last failure is thrown.
 */
export const patiently = async <T>(ask: () => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (attempt === tries || !isPassing(error)) throw error;
      await wait(firstPauseMs * 2 ** (attempt - 1));
    }
  }
};
