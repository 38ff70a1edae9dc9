/** What can be measured, and its head in the tables. Units are in the names. */
export const figures = {
  requestsPerSecond: 'requests/s',
  rowsPerSecond: 'rows/s',
  p50Us: 'p50 µs',
  p99Us: 'p99 µs',
  gatewayCpuUs: 'gateway, CPU µs',
  runtimeCpuUs: 'runtime, CPU µs',
  mlserverCpuUs: 'MLServer, CPU µs',
  consumerCpuUs: 'consumer, CPU µs',
  brokerCpuUs: 'Kafka, CPU µs',
  loadCpuUs: 'load, CPU µs',
  peakPerSecond: 'peak, answers/s',
  offeredPerSecond: 'offered/s',
  goodputPerSecond: 'answered in time/s',
  goodputPercent: 'goodput, % of peak',
  refusedPercent: 'refused, %',
  refusedFastPercent: 'of these in < 1 ms, %',
  failedRequests: 'failed',
  swapMs: 'until a swap is seen, ms',
  gatewayWarmMiB: 'gateway after warm-up, MiB',
  gatewayGrowthMiB: 'its growth, MiB',
  runtimeWarmMiB: 'runtime after warm-up, MiB',
  runtimeGrowthMiB: 'its growth, MiB',
  publishMs: 'publish to answer, p50 ms',
  publishWorstMs: 'worst, ms',
  commandMs: 'with the command, ms',
  p50Ms: 'p50 ms',
  p99Ms: 'p99 ms',
  consumerPeakMiB: 'consumer, most memory, MiB',
  runtimeStartMs: 'runtime ready, ms',
  gatewayStartMs: 'gateway ready, ms',
  firstStartMs: 'first start, ms',
  secondStartMs: 'second start, ms',
} as const;

export type Figure = keyof typeof figures;

/** What one measurement of one row gave. */
export type Sample = Readonly<Partial<Record<Figure, number>>>;

/** The samples of one round, by the name of the row. */
export type Round = ReadonlyMap<string, Sample>;
