import assert from 'node:assert/strict';
import type { Tensor } from '@sluice/kernel/tensor/tensor';
import { createReleaseWorker } from '../core/release-worker.ts';
import { createScheduler } from '../core/scheduler.ts';
import { numbersIn, rowsOf, testJob } from './jobs.ts';
import { virtualClock } from './virtual-clock.ts';

/** A worker whose graph waits for the test: each run is recorded and goes on when it is told. */
export const startWorker = (maxRows = 8, maxEntries = 10, maxDelayMs = 0) => {
  const runs: { readonly rows: number[]; readonly go: () => void }[] = [];
  const clock = virtualClock();
  const worker = createReleaseWorker({
    scheduler: createScheduler({ clock, fault: assert.ifError }),
    limits: { maxEntries, maxBytes: 1_000 },
    rule: { maxRows, maxBytes: 1_000, preferredRows: [], maxDelayMs },
    hasBatchAxis: true,
    report: () => undefined,
    run: async ([x]: readonly Tensor[]) => {
      assert.ok(x !== undefined);
      const { promise, resolve } = Promise.withResolvers<void>();
      runs.push({ rows: numbersIn(x), go: resolve });
      await promise;
      return [{ ...x, data: x.data.slice() }];
    },
  });
  const submit = (...values: number[]) => {
    const made = testJob({ inputs: [rowsOf(...values)] });
    return { ...made, refused: worker.submit(made.job) };
  };
  return { worker, runs, submit, clock };
};
