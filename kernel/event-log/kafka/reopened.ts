/** Something that is opened when it is first wanted, and anew after it failed. */
export interface Reopened<T> extends AsyncDisposable {
  get(): Promise<T>;
  /** What was got is used by nobody again. */
  giveUp(): void;
}

export const reopened = <T>(open: () => Promise<T>, close: (opened: T) => Promise<void>): Reopened<T> => {
  let current: Promise<T> | undefined;
  const closing = new Set<Promise<void>>();
  const giveUp = (): void => {
    const old = current;
    current = undefined;
    if (old === undefined) return;
    const closed = old
      .then(close)
      .catch(() => undefined)
      .finally(() => closing.delete(closed));
    closing.add(closed);
  };
  return {
    get: () => {
      current ??= open().catch((error) => {
        current = undefined;
        throw error;
      });
      return current;
    },
    giveUp,
    [Symbol.asyncDispose]: async () => {
      giveUp();
      await Promise.all(closing);
    },
  };
};
