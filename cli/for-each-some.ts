/** Does something with each item, with at most so many under way at once. After a failure no more are begun. */
export const forEachSome = async <T>(
  items: AsyncIterable<T>,
  atOnce: number,
  act: (item: T) => Promise<void>,
): Promise<void> => {
  const waiting = items[Symbol.asyncIterator]();
  let failed = false;
  const worker = async (): Promise<void> => {
    while (!failed) {
      const next = await waiting.next();
      if (next.done === true) return;
      await act(next.value);
    }
  };
  const guarded = (): Promise<void> =>
    worker().catch((error: unknown) => {
      failed = true;
      throw error;
    });
  const ends = await Promise.allSettled(Array.from({ length: atOnce }, guarded));
  const failure = ends.find((end) => end.status === 'rejected');
  await waiting.return?.();
  if (failure !== undefined) throw failure.reason;
};
