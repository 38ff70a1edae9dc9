/**
 * One sync of a file at a time: who asks while one is under way shares the next one, which begins after it and so
 * covers all that was written before it was asked for.
 */
export const groupSync = (sync: () => Promise<void>): (() => Promise<void>) => {
  let running = Promise.resolve();
  let next: Promise<void> | undefined;
  const start = (): Promise<void> => {
    next = undefined;
    return sync();
  };
  return () => {
    if (next !== undefined) return next;
    next = running.then(start, start);
    running = next;
    return next;
  };
};
