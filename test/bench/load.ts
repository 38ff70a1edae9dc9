/** What a closed loop measured. */
export interface Load {
  readonly perSecond: number;
  readonly p50Us: number;
  readonly p99Us: number;
}

const percentile = (sorted: Float64Array, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

/** Calls `once` so often, so many at a time, and measures each call. */
export const closedLoop = async (
  requests: number,
  inFlight: number,
  once: () => Promise<unknown>,
): Promise<Load> => {
  const latencies = new Float64Array(requests);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < requests) {
      const index = next;
      next += 1;
      const startedAt = performance.now();
      await once();
      latencies[index] = (performance.now() - startedAt) * 1000;
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: inFlight }, worker));
  const seconds = (performance.now() - startedAt) / 1000;
  latencies.sort();
  return {
    perSecond: requests / seconds,
    p50Us: percentile(latencies, 0.5),
    p99Us: percentile(latencies, 0.99),
  };
};
