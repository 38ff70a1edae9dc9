/** How long to wait before a process that died is started again. */
export interface BackoffLimits {
  readonly firstMs: number;
  readonly maxMs: number;
  readonly goodLifeMs: number;
}

/** A crash loop costs a start every ten seconds; half a minute of life forgives what was before. */
export const BACKOFF_LIMITS: BackoffLimits = { firstMs: 200, maxMs: 10_000, goodLifeMs: 30_000 };

/** The next delay, from the one before (undefined: none yet) and how long the process lived since. */
export const nextDelayMs = (
  previousMs: number | undefined,
  livedMs: number,
  limits: BackoffLimits = BACKOFF_LIMITS,
): number => {
  if (previousMs === undefined || livedMs >= limits.goodLifeMs) return limits.firstMs;
  return Math.min(previousMs * 2, limits.maxMs);
};
