import assert from 'node:assert/strict';
import type { Tensor } from '@sluice/kernel/tensor/tensor';
import type { BatchRule } from '../core/batch-rule.ts';
import type { Job, JobOutcome } from '../core/job.ts';
import type { QueueLimits } from '../core/job-queue.ts';
import { createReleaseWorker, type ReleaseWorker } from '../core/release-worker.ts';
import type { Scheduler } from '../core/scheduler.ts';
import { numbersIn, testJob } from './jobs.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** What a caller asks for. */
export interface Request {
  readonly at: number;
  readonly rows: number;
  /** Numbers in a row: requests of another width go to another batch. */
  readonly width: number;
  readonly priority: number;
  /** Infinity: none. */
  readonly deadlineInMs: number;
  /** Infinity: never. */
  readonly cancelInMs: number;
}

/** A request and what became of it. */
export interface Asked {
  readonly job: Job;
  /** NaN: never. */
  settledAt: number;
  state: 'to come' | 'refused' | 'queued' | 'computing' | 'cancelled' | 'done';
  readonly outcomes: JobOutcome[];
}

export interface SimulatedBatch {
  readonly members: readonly Asked[];
  /** What was queued when it began and is no member. */
  readonly leftBehind: readonly Asked[];
  readonly startedAt: number;
  readonly costMs: number;
}

export interface SimulatedOptions {
  readonly scheduler: Scheduler;
  readonly clock: VirtualClock;
  readonly limits: QueueLimits;
  readonly rule: BatchRule;
  /** What computing that many rows takes. */
  readonly costMs: (rows: number) => number;
  /** Whether computing these fails. */
  readonly fails?: (ids: readonly number[]) => boolean;
}

export interface SimulatedRelease {
  readonly worker: ReleaseWorker;
  readonly asked: readonly Asked[];
  readonly batches: readonly SimulatedBatch[];
}

/** Every number of a request is its index, so that a batch shows what it was made of, and an answer whose it is. */
const inputOf = (index: number, { rows, width }: Request): Tensor => ({
  name: 'x',
  datatype: 'FP32',
  shape: [rows, width],
  data: new Uint8Array(new Float32Array(rows * width).fill(index).buffer),
});

/** A release whose session takes virtual time, and its callers. */
export const simulateRelease = (
  requests: readonly Request[],
  { scheduler, clock, limits, rule, costMs, fails = () => false }: SimulatedOptions,
): SimulatedRelease => {
  const batches: SimulatedBatch[] = [];
  const asked = requests.map((request, index): Asked => {
    const { at, priority, deadlineInMs } = request;
    const times = { enqueuedAt: at, deadlineAt: at + deadlineInMs };
    const { job, outcomes } = testJob({ inputs: [inputOf(index, request)], priority, ...times });
    const settle = (outcome: JobOutcome): void => {
      outcomes.push(outcome);
      each.state = 'done';
      each.settledAt = clock.now();
    };
    const each: Asked = { job: { ...job, settle }, outcomes, settledAt: Number.NaN, state: 'to come' };
    return each;
  });
  const worker = createReleaseWorker({
    scheduler,
    limits,
    rule,
    hasBatchAxis: true,
    report: () => undefined,
    run: async ([x]) => {
      assert.ok(x !== undefined);
      const ids = [...new Set(numbersIn(x))];
      const members = ids.map((id) => asked[id]).filter((each) => each !== undefined);
      for (const each of members) each.state = 'computing';
      const leftBehind = asked.filter(({ state }) => state === 'queued');
      const cost = costMs(x.shape[0] ?? 0);
      batches.push({ members, leftBehind, startedAt: clock.now(), costMs: cost });
      clock.pass(cost);
      if (fails(ids)) throw new Error('out of bounds');
      return [{ ...x, data: x.data.slice() }];
    },
  });
  for (const [index, { at, cancelInMs }] of requests.entries()) {
    const each = asked[index];
    assert.ok(each !== undefined);
    clock.at(at, () => {
      const refused = worker.submit(each.job);
      if (each.state === 'to come') each.state = refused === undefined ? 'queued' : 'refused';
    });
    if (!Number.isFinite(cancelInMs)) continue;
    clock.at(at + cancelInMs, () => {
      worker.cancel(each.job);
      if (each.state === 'queued') each.state = 'cancelled';
    });
  }
  return { worker, asked, batches };
};
