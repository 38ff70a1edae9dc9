/**
 * Takes batches one after the other, while the next one is made ready: at most one is being stored, at most one waits.
 * @throws whatever `store` throws, at once, although no further batch comes
 */
export const storeInTurn = async <T>(
  batches: AsyncIterable<T>,
  store: (batch: T) => Promise<void>,
): Promise<void> => {
  const iterator = batches[Symbol.asyncIterator]();
  const failed = Promise.withResolvers<never>();
  // Nobody waits for it once the last batch is read.
  failed.promise.catch(() => undefined);
  let storing = Promise.resolve();
  for (;;) {
    const next = await Promise.race([iterator.next(), failed.promise]);
    if (next.done === true) break;
    await storing;
    storing = store(next.value);
    storing.catch(failed.reject);
  }
  await storing;
};
