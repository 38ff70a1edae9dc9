/** Deadlines are looked at so often. */
const intervalMs = 250;
/** A longer pause was this process's own, in which it could not hear anything. */
const stallMs = 4 * intervalMs;

/**
 * Calls `look` from time to time, after what has arrived was read: what is late only because this process was busy is
 * no fault of a gateway.
 */
export const watchDeadlines = (look: (now: number) => void): Disposable => {
  let lookedAt = performance.now();
  let hasSkipped = false;
  let next: NodeJS.Immediate | undefined;
  const timer = setInterval(() => {
    const now = performance.now();
    // Never twice: a process that is always late has to look all the same.
    hasSkipped = !hasSkipped && now - lookedAt > stallMs;
    lookedAt = now;
    if (!hasSkipped) next = setImmediate(() => look(performance.now()));
  }, intervalMs);
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
      clearImmediate(next);
    },
  };
};
