/** Between two looks at a condition. */
const intervalMs = 20;

/**
 * Waits until a condition gives something other than undefined or false.
 * @throws Error naming what was waited for when it takes too long.
 */
export const waitFor = async <T>(
  what: string,
  condition: () => Promise<T | undefined | false> | T | undefined | false,
  timeoutMs = 20_000,
): Promise<T> => {
  const until = performance.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > until) throw new Error(`waited ${timeoutMs} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, intervalMs));
  }
};
