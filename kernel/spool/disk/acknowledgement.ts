/** Who waits for a block. */
export interface Acknowledgement {
  readonly written: PromiseWithResolvers<void>;
  synced: PromiseWithResolvers<void> | undefined;
}

/** Nobody has to wait for what is acknowledged: a caller that went away is no fault. */
export const newPromise = (): PromiseWithResolvers<void> => {
  const promise = Promise.withResolvers<void>();
  promise.promise.catch(() => undefined);
  return promise;
};
