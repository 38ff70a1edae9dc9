import type { TestContext } from 'node:test';
import type { Store } from '@sluice/kernel/store/store';
import { createLog } from '@sluice/kernel/telemetry/log';
import { nodeClock } from '../clock/node-clock.ts';
import { ruleOf } from '../core/batch-rule.ts';
import { createReleaseWorker } from '../core/release-worker.ts';
import { createScheduler } from '../core/scheduler.ts';
import { ReleaseHolder } from '../releases/holder.ts';
import { loadOnnxRuntime } from '../session/onnx-runtime.ts';
import { openSession } from '../session/open-session.ts';
import { timedRun } from '../session/timed-run.ts';

export interface StartedHolder {
  readonly holder: ReleaseHolder;
  /** The log, one object a line. */
  readonly lines: Readonly<Record<string, unknown>>[];
  /** Sessions that are open now. */
  readonly open: () => number;
}

/** A holder over a store, with real sessions and workers; it goes with the test. */
export const startHolder = (
  t: TestContext,
  store: Store,
  maxLoadedBytes = Number.POSITIVE_INFINITY,
): StartedHolder => {
  const lines: Record<string, unknown>[] = [];
  let open = 0;
  const destination = {
    write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>),
  };
  const scheduler = createScheduler({
    clock: nodeClock,
    fault: (thrown) =>
      queueMicrotask(() => {
        throw thrown;
      }),
  });
  const holder = new ReleaseHolder({
    store,
    thresholdMs: Number.POSITIVE_INFINITY,
    maxComputeMs: 10_000,
    limits: { bytes: maxLoadedBytes, cells: 0 },
    on: { loaded: () => undefined, unloaded: () => undefined },
    log: createLog({ process: 'test', environment: 'dev', level: 'info', destination }),
    openSession: async (path) => {
      const session = await openSession(loadOnnxRuntime(), path, { intraOpThreads: 1 });
      open += 1;
      return {
        run: session.run,
        [Symbol.asyncDispose]: async () => {
          open -= 1;
          await session[Symbol.asyncDispose]();
        },
      };
    },
    createWorker: (release, session, computed) =>
      createReleaseWorker({
        scheduler,
        limits: { maxEntries: 100, maxBytes: 1_000_000 },
        rule: ruleOf(release),
        hasBatchAxis: release.signature.maxBatchSize > 0,
        run: timedRun(session, computed),
        report: () => undefined,
      }),
  });
  t.after(() => holder[Symbol.asyncDispose]());
  return { holder, lines, open: () => open };
};
