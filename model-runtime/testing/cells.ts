import type { TestContext } from 'node:test';
import type { Release } from '@sluice/kernel/release/release';
import { Cell, type CellEnd, type CellListeners } from '../cells/cell.ts';
import type { CellLink } from '../cells/cell-link.ts';
import type { FromCell } from '../cells/messages.ts';
import type { ProcessListeners } from '../cells/spawn-cell.ts';
import type { Job } from '../core/job.ts';

/** Cells for tests, without processes, on the test's clock. */

export interface TestCell {
  readonly cell: Cell;
  /** What was done to the process: signals, and `ask` for its metrics. */
  readonly done: string[];
  /** What was told: `up`, `changed`, `completed`, `ended <kind>: <reason>`. */
  readonly told: string[];
  say(message: FromCell): void;
  end(how?: string): void;
}

export interface TestLink extends CellLink {
  readonly jobs: Job[];
  readonly cancelled: Job[];
  inFlight: number;
  open: boolean;
}

export const testLink = (): TestLink => {
  const jobs: Job[] = [];
  const cancelled: Job[] = [];
  return {
    jobs,
    cancelled,
    inFlight: 0,
    open: true,
    submit: (job) => {
      jobs.push(job);
      return () => cancelled.push(job);
    },
    close: () => undefined,
  };
};

export const testRelease: Release = {
  model: 'm',
  version: '1',
  digest: 'sha256:1',
  manifest: undefined,
  signature: { inputs: [], outputs: [], maxBatchSize: 1 },
  batching: { maxSize: 1, preferredSizes: [], maxDelayMs: 0 },
};
export const testBounds = { maxComputeMs: 500, loadMs: 5_000, endMs: 2_000 };

/** Puts the timers of a test on a clock of its own; the answer moves it. */
export const useClock = (
  t: TestContext,
): { readonly now: () => number; readonly pass: (ms: number) => void } => {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  let now = 0;
  return {
    now: () => now,
    pass: (ms) => {
      for (let left = ms; left > 0; left -= 1) {
        now += 1;
        t.mock.timers.tick(1);
      }
    },
  };
};

export const startTestCell = (
  now: () => number,
  on: Partial<CellListeners> = {},
  link: CellLink = testLink(),
): TestCell => {
  const done: string[] = [];
  const told: string[] = [];
  let listeners: ProcessListeners | undefined;
  const also =
    <K extends keyof CellListeners>(kind: K, what: (...args: Parameters<CellListeners[K]>) => string) =>
    (...args: Parameters<CellListeners[K]>): void => {
      told.push(what(...args));
      (on[kind] as ((...given: Parameters<CellListeners[K]>) => void) | undefined)?.(...args);
    };
  const cell = new Cell({
    ...testBounds,
    release: testRelease,
    now,
    openLink: () => link,
    spawn: (_release, given) => {
      listeners = given;
      return { pid: 1, send: () => done.push('ask'), kill: (signal) => done.push(signal) };
    },
    on: {
      up: also('up', () => 'up'),
      changed: also('changed', () => 'changed'),
      completed: also('completed', () => 'completed'),
      ended: also('ended', ({ kind, reason }: CellEnd) => `ended ${kind}: ${reason}`),
    },
  });
  return {
    cell,
    done,
    told,
    say: (message) => listeners?.message(message),
    end: (how = 'was killed by SIGKILL') => listeners?.ended(how),
  };
};
