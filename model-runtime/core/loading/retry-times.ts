/** Between the first failure and the next try. */
const firstMs = 1_000;
const longestMs = 60_000;

/** When it is worth while to try again what failed: twice as late each time. */
export class RetryTimes {
  readonly #failures = new Map<number, { readonly times: number; readonly dueAt: number }>();

  failed(handle: number, now: number): void {
    const times = (this.#failures.get(handle)?.times ?? 0) + 1;
    this.#failures.set(handle, { times, dueAt: now + Math.min(longestMs, firstMs * 2 ** (times - 1)) });
  }

  succeeded(handle: number): void {
    this.#failures.delete(handle);
  }

  isDue(handle: number, now: number): boolean {
    return (this.#failures.get(handle)?.dueAt ?? now) <= now;
  }
}
