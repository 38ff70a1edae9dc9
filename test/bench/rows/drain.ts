import assert from 'node:assert/strict';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startConsumers } from '../../support/consumers.ts';
import type { Environment } from '../../support/sluice.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { Bench } from '../bench.ts';
import type { Sample } from '../figures.ts';
import { readSamples } from '../load/metrics-text.ts';
import { watchPeakMemory } from '../process/peak-memory.ts';
import type { FilledLog } from '../systems/filled-log.ts';

export interface DrainOptions {
  readonly filled: FilledLog;
  /** Of the consumers, CONSUMERS among it. */
  readonly env: Environment;
  /** The counter of what is done. */
  readonly counter: string;
}

const drainMs = 300_000;

/** A consumer works through a copy of a filled log: from the first rows that are counted to the last. */
export const measureDrain = async (
  bench: Bench,
  { filled, env, counter }: DrainOptions,
): Promise<Sample & { readonly done: number }> => {
  await using stack = new AsyncDisposableStack();
  const home = await mkdtemp(join(bench.folder, 'drain-'));
  stack.defer(() => rm(home, { recursive: true, force: true }));
  await cp(filled.folder, join(home, 'event-log'), { recursive: true });
  const consumers = stack.use(await startConsumers({ SLUICE_HOME: home, ...env }));
  const peak = stack.use(watchPeakMemory(consumers.pid));
  const count = async (): Promise<number> => {
    const text = await (await fetch(`${consumers.metrics}/metrics`)).text();
    return readSamples(text, counter).reduce((sum, { value }) => sum + value, 0);
  };
  const first = await waitFor('the first rows', async () => (await count()) || undefined, drainMs);
  const startedAt = performance.now();
  const done = await waitFor(
    'the last row',
    async () => {
      const value = await count();
      return value >= filled.records && value;
    },
    drainMs,
  );
  assert.equal(done, filled.records, 'each record is counted once');
  const seconds = (performance.now() - startedAt) / 1000;
  return { done, rowsPerSecond: (done - first) / seconds, consumerPeakMiB: peak.anonymous };
};
