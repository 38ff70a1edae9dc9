import assert from 'node:assert/strict';
import { waitFor } from '../../support/wait-for.ts';
import type { Fixture } from './fixture.ts';
import { metricValue } from './metrics.ts';
import { slow } from './requests.ts';
import type { Outcome } from './row.ts';

const ofSlow = { model: 'slow' };

/** Requests for `slow` that wait in the runtime's queue. */
export const queued = ({ sluice }: Fixture): Promise<number> =>
  metricValue(`http://${sluice.runtimes[0]?.metrics}`, 'sluice_runtime_queued_requests', ofSlow);

/** Requests for `slow` that the gateway has not answered yet. */
const pending = ({ sluice }: Fixture): Promise<number> =>
  metricValue(sluice.gateway.metrics, 'nv_inference_pending_request_count', ofSlow);

/** Requests for `slow` that the runtime's session computed, and rows that the gateway counts. */
const computed = async ({ sluice }: Fixture): Promise<readonly [number, number]> => [
  await metricValue(`http://${sluice.runtimes[0]?.metrics}`, 'sluice_runtime_batch_size_sum', ofSlow),
  await metricValue(sluice.gateway.metrics, 'nv_inference_count', ofSlow),
];

/** Starts a request that keeps the only session of `slow` busy for about half a second. */
const occupy = async (fixture: Fixture): Promise<Promise<Outcome>[]> => {
  const running = fixture.doors.unary(slow(1024));
  await waitFor('the slow request to be under way', async () => (await pending(fixture)) === 1);
  return [running];
};

/**
 * Does something to requests that wait behind a slow one, while it runs.
 * @returns how many requests were computed besides the slow one
 */
export const behindSlowOne = async (fixture: Fixture, act: () => Promise<void>): Promise<number> => {
  const before = await computed(fixture);
  const running = await occupy(fixture);
  await act();
  for (const outcome of await Promise.all(running)) assert.deepEqual(outcome, { answered: ['row'] });
  // What had wrongly stayed in the queue would be computed before this one.
  assert.deepEqual(await fixture.doors.unary(slow(1)), { answered: ['row'] });
  const after = await computed(fixture);
  const [inRuntime, inGateway] = [after[0] - before[0] - 2, after[1] - before[1] - 2];
  assert.equal(inRuntime, inGateway, 'the runtime and the gateway count alike');
  return inRuntime;
};

/** Waits until that many requests for `slow` wait. */
export const untilQueued = (fixture: Fixture, count: number): Promise<unknown> =>
  waitFor(`${count} requests in the queue`, async () => (await queued(fixture)) === count);
