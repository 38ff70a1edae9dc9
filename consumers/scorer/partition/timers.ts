/** Things that are done later, unless all of it is disposed of before. */
export interface Timers extends Disposable {
  after(waitMs: number, action: () => void): void;
}

export const createTimers = (): Timers => {
  const running = new Set<NodeJS.Timeout>();
  return {
    after: (waitMs, action) => {
      const timer = setTimeout(() => {
        running.delete(timer);
        action();
      }, waitMs);
      running.add(timer);
    },
    [Symbol.dispose]: () => {
      for (const timer of running) clearTimeout(timer);
      running.clear();
    },
  };
};
