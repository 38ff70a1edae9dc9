/** Lets one wait until another says that there is something to look at. */
export interface WakeUp {
  /** Resolves with the next `wake`, or at once when there was one since the last wait. */
  readonly wait: () => Promise<void>;
  readonly wake: () => void;
}

export const wakeUp = (): WakeUp => {
  let isDue = false;
  let waiting: (() => void) | undefined;
  return {
    wait: () =>
      new Promise((resolve) => {
        if (isDue) resolve();
        else waiting = resolve;
        isDue = false;
      }),
    wake: () => {
      isDue = waiting === undefined;
      waiting?.();
      waiting = undefined;
    },
  };
};
