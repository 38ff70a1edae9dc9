import { setTimeout as pause } from 'node:timers/promises';

const intervalMs = 5;

/**
 * Waits for a condition.
 * @throws Error naming what was waited for when it takes too long.
 */
export const eventually = async (
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 20_000,
): Promise<void> => {
  const end = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited ${timeoutMs} ms for ${what}`);
    await pause(intervalMs);
  }
};
