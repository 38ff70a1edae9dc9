/** What the recent batches of a release took. */
export interface ComputeTimes {
  record(ms: number, now: number): void;
  /** Median of the recent batches, in milliseconds; undefined: none was computed yet. */
  readonly medianMs: number | undefined;
  /** The longest of the recent batches; undefined: none was computed yet. */
  readonly longestMs: number | undefined;
  /**
   * What a batch takes at least, to judge what cannot be answered in time: the shortest of the recent
   * batches while the last measurement is fresh, else 0. The shortest, since one that was held up (by
   * a process that was stopped, say) must not have the next ones dropped; and only while fresh, since
   * what is dropped is not measured: believed for ever, an estimate could starve a release.
   */
  leastMs(now: number): number;
}

/** Batches that are remembered. */
const remembered = 16;
/** How long a measurement is believed. */
export const freshMs = 1_000;

export const createComputeTimes = (): ComputeTimes => {
  /** In the order of recording; the oldest is the next to be forgotten. */
  const recent: number[] = [];
  /** The same, rising. */
  const sorted: number[] = [];
  let lastAt = Number.NEGATIVE_INFINITY;
  const at = (quantile: number): number | undefined => sorted[Math.floor((sorted.length - 1) * quantile)];
  const forgetOldest = (): void => {
    const oldest = recent.shift();
    if (oldest !== undefined) sorted.splice(sorted.indexOf(oldest), 1);
  };
  const insert = (ms: number): void => {
    const behind = sorted.findIndex((other) => other > ms);
    if (behind === -1) sorted.push(ms);
    else sorted.splice(behind, 0, ms);
    recent.push(ms);
  };
  return {
    record(ms, now) {
      if (recent.length === remembered) forgetOldest();
      insert(ms);
      lastAt = now;
    },
    get medianMs() {
      return at(0.5);
    },
    get longestMs() {
      return at(1);
    },
    leastMs: (now) => (now - lastAt <= freshMs ? (at(0) ?? 0) : 0),
  };
};
