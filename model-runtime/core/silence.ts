/** How long nothing has been heard of a cell. Its loop stands still while it computes, so silence is computing. */
export interface Silence {
  /** A sign of life came. */
  heard(now: number): void;
  /** Looks at the clock; to be called once an interval. Answers the silence in milliseconds. */
  look(now: number): number;
}

/** Between two signs of life, and between two looks. */
export const beatMs = 50;

/**
 * Counts silence only while the listener itself was awake: after a pause of its own (it computed, or the
 * whole process stood still) signs of life may lie unread in the channel.
 */
export const createSilence = (now: number, intervalMs = beatMs): Silence => {
  let silentMs = 0;
  let lookedAt = now;
  return {
    heard(at) {
      silentMs = 0;
      lookedAt = at;
    },
    look(at) {
      silentMs += Math.min(at - lookedAt, 2 * intervalMs);
      lookedAt = at;
      return silentMs;
    },
  };
};

/** Whether that much silence is more than a batch may take: one interval passes between a sign and the batch. */
export const isTooLong = (silentMs: number, maxComputeMs: number, intervalMs = beatMs): boolean =>
  silentMs > maxComputeMs + intervalMs;
