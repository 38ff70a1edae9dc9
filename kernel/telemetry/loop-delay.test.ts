import assert from 'node:assert/strict';
import { createHistogram, type monitorEventLoopDelay } from 'node:perf_hooks';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { registerLoopDelay } from './loop-delay.ts';
import { emptyRegistry } from './registry.ts';

/** By quantile, in seconds. */
const delays = async (registry: ReturnType<typeof emptyRegistry>): Promise<Record<string, number>> => {
  const text = await registry.metrics();
  const samples = text.matchAll(/^sluice_event_loop_delay_seconds\{quantile="([\d.]+)".*\} (\S+)$/gm);
  return Object.fromEntries([...samples].map(([, quantile = '', value]) => [quantile, Number(value)]));
};

/** A monitor that was told these times from one timer to the next. */
const recorded = (intervalsMs: readonly number[]): ReturnType<typeof monitorEventLoopDelay> => {
  const histogram = createHistogram();
  for (const ms of intervalsMs) histogram.record(ms * 1e6);
  return Object.assign(histogram, {
    enable: () => true,
    disable: () => true,
    [Symbol.dispose]: () => undefined,
  });
};

test('quantiles are of the delay: the interval of measuring is taken off', async () => {
  const registry = emptyRegistry('dev');
  const intervals = [...new Array<number>(97).fill(10), 14, 30, 60];
  using _ = registerLoopDelay(registry, () => recorded(intervals));
  const { '0.5': half, '0.99': most, '1': longest } = await delays(registry);
  const rounded = [half, most, longest].map((seconds = -1) => Number(seconds.toFixed(3)));
  assert.deepEqual(rounded, [0, 0.02, 0.05]);
});

test('each scrape begins anew, and one with nothing to tell tells zeros', async () => {
  const registry = emptyRegistry('dev');
  using _ = registerLoopDelay(registry, () => recorded([60]));
  assert.ok(((await delays(registry))['1'] ?? 0) > 0.04);
  assert.deepEqual(await delays(registry), { '0.5': 0, '0.99': 0, '1': 0 });
});

test('a blocked event loop shows', async () => {
  const registry = emptyRegistry('dev');
  using _ = registerLoopDelay(registry);
  const block = (): void => {
    const until = performance.now() + 50;
    while (performance.now() < until);
  };
  // A scrape begins anew: an interval counts when the timer came once between the scrape and the block.
  for (let longest = 0; longest < 0.03; longest = (await delays(registry))['1'] ?? 0) {
    await pause(30);
    block();
    await pause(1);
  }
});
