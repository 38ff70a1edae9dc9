import { SluiceError } from '@sluice/kernel/errors/sluice-error';

export interface Unstorable<T> {
  readonly item: T;
  readonly error: SluiceError;
}

/**
 * Stores a batch at once; when that cannot be, in halves, until what can never be stored is found alone. Returns it.
 * @throws whatever may be otherwise soon, and what nobody foresaw: only a SluiceError that says otherwise gives up an item
 */
export const storeEach = async <T>(
  batch: readonly T[],
  store: (part: readonly T[]) => Promise<void>,
): Promise<readonly Unstorable<T>[]> => {
  const [first] = batch;
  if (first === undefined) return [];
  try {
    await store(batch);
    return [];
  } catch (error) {
    if (!(error instanceof SluiceError) || error.meaning.retryable) throw error;
    if (batch.length === 1) return [{ item: first, error }];
    const half = Math.ceil(batch.length / 2);
    return [
      ...(await storeEach(batch.slice(0, half), store)),
      ...(await storeEach(batch.slice(half), store)),
    ];
  }
};
