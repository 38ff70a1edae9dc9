/** Awaits what must come soon. @throws Error naming what was waited for, so that a test fails instead of hanging. */
export const within = async <T>(what: string, promise: Promise<T>, timeoutMs = 20_000): Promise<T> => {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`waited ${timeoutMs} ms for ${what}`)), timeoutMs);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
};

/** How a process ended: its exit code, or the signal's name. */
export const endOf = ({ exited }: { readonly exited: Promise<number | string> }): Promise<number | string> =>
  within('a process to end', exited);
