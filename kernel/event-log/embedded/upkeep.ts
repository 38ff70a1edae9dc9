import { sweep } from './retention.ts';
import type { Tables } from './tables.ts';
import type { Topics } from './topics.ts';

/**
 * What every process that has a log open does from time to time: it frees what killed readers left, and removes what is
 * not to be kept. Two that do it at once are in nobody's way. A log that cannot be written now can be later.
 */
export const startUpkeep = (tables: Tables, topics: Topics, intervalMs: number): AsyncDisposable => {
  const closing = new AbortController();
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    try {
      tables.dropDeadReaders();
      await sweep(tables, topics, closing.signal);
    } catch {
      // Whoever writes or reads is told.
    } finally {
      running = undefined;
    }
  };
  const timer = setInterval(() => {
    running ??= run();
  }, intervalMs);
  timer.unref();
  return {
    [Symbol.asyncDispose]: async () => {
      closing.abort();
      clearInterval(timer);
      await running;
    },
  };
};
