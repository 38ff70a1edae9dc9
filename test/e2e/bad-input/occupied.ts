import assert from 'node:assert/strict';
import { waitFor } from '../../support/wait-for.ts';
import type { Fixture } from './fixture.ts';
import { metricValue } from './metrics.ts';
import { slowInfer } from './requests.ts';

const ofSlow = { model: 'slow' };
/** Small, and never in one batch with the slow one. */
export const waiting = slowInfer([1, 1]);

/** Waits until the gateway holds that many requests for `slow` besides the slow one. */
export const untilPending = ({ sluice }: Fixture, count: number): Promise<unknown> =>
  waitFor(`${count} requests behind the slow one`, async () => {
    const pending = await metricValue(sluice.gateway.metrics, 'nv_inference_pending_request_count', ofSlow);
    return pending === count + 1;
  });

/** What was computed for `slow`. */
interface Computed {
  /** Requests that the runtime computed, whether they went well or not. */
  readonly requests: number;
  /** In so many runs of the session; one that failed and was repeated member by member is none. */
  readonly runs: number;
  /** Rows that the gateway answered (nv_inference_count). */
  readonly rows: number;
}

const computed = async ({ sluice }: Fixture): Promise<Computed> => {
  const runtime = `http://${sluice.runtimes[0]?.metrics}`;
  return {
    requests: await metricValue(runtime, 'sluice_runtime_batch_size_sum', ofSlow),
    runs: await metricValue(runtime, 'sluice_runtime_batch_size_count', ofSlow),
    rows: await metricValue(sluice.gateway.metrics, 'nv_inference_count', ofSlow),
  };
};

/**
 * Does something while a request keeps the only session of `slow`, and its whole runtime, busy for
 * well over a second: ONNX Runtime computes on the thread that called it.
 * @returns what was computed besides the slow one
 */
export const behindSlowOne = async (fixture: Fixture, act: () => Promise<void>): Promise<Computed> => {
  const before = await computed(fixture);
  // Urgent, so that it comes first even if the runtime hears of both in the same moment.
  const urgent = { ...slowInfer([1536]), parameters: { priority: 1 } };
  const running = fixture.doors.unary({ infer: urgent });
  await untilPending(fixture, 0);
  await act();
  assert.deepEqual(await running, { answered: ['row'] });
  // What had wrongly stayed in the queue would be computed before this one.
  assert.deepEqual(await fixture.doors.unary({ infer: waiting }), { answered: ['row'] });
  const after = await computed(fixture);
  const delta = (name: keyof Computed): number => after[name] - before[name] - 2;
  return { requests: delta('requests'), runs: delta('runs'), rows: delta('rows') };
};
