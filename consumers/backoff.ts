/** How long a consumer that ended waits before it is started again. */
export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
  /** A life of this length forgives what was before. */
  readonly goodLifeMs: number;
}

/** What is away for a moment costs little more than the moment; what is away for long is asked every ten seconds. */
export const defaultBackoff: Backoff = { firstMs: 200, maxMs: 10_000, goodLifeMs: 30_000 };

/** The next wait, from the one before (undefined: none yet) and how long the consumer ran since. */
export const nextWaitMs = (
  previousMs: number | undefined,
  livedMs: number,
  { firstMs, maxMs, goodLifeMs }: Backoff,
): number => (previousMs === undefined || livedMs >= goodLifeMs ? firstMs : Math.min(previousMs * 2, maxMs));

/** Half of it to all of it, so that consumers which lost the same thing do not all come back at once. */
export const withJitter = (waitMs: number, random: () => number = Math.random): number =>
  waitMs * (1 + random()) * 0.5;
