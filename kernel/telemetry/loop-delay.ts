import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Gauge, type Registry } from 'prom-client';

/** How often the event loop is asked for its delay. */
const resolutionMs = 10;
const quantiles = [0.5, 0.99, 1] as const;
const nsPerMs = 1e6;
const nsPerSecond = 1e9;

/**
 * How much later than asked for a timer came, since the last scrape. monitorEventLoopDelay measures from one
 * timer to the next, so that its interval is taken off. Measuring ends with the result.
 */
export const registerLoopDelay = (
  registry: Registry,
  monitor: typeof monitorEventLoopDelay = monitorEventLoopDelay,
): Disposable => {
  const histogram = monitor({ resolution: resolutionMs });
  histogram.enable();
  const secondsAt = (quantile: number): number => {
    if (histogram.count === 0) return 0;
    return Math.max(0, histogram.percentile(quantile * 100) - resolutionMs * nsPerMs) / nsPerSecond;
  };
  new Gauge({
    name: 'sluice_event_loop_delay_seconds',
    help: 'How much later than asked for a timer came, since the last scrape',
    labelNames: ['quantile'],
    registers: [registry],
    collect() {
      for (const quantile of quantiles) this.set({ quantile: String(quantile) }, secondsAt(quantile));
      histogram.reset();
    },
  });
  return { [Symbol.dispose]: () => void histogram.disable() };
};
