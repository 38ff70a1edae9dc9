import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitFor } from '../support/wait-for.ts';
import { type Cluster, placeOf, startCluster } from './support/cluster.ts';
import { startLoads } from './support/loads.ts';
import { computedBy, inFlightOf, metricOf, redispatchesOf } from './support/metrics.ts';

/** Answers between two events, of each door. */
const some = 200;

const isEjected = async ({ gateway }: Cluster, address: string): Promise<boolean> =>
  (await metricOf(gateway.metrics, 'sluice_runtime_ejected', address)) === 1;

test('one of two runtimes that stands still under load fails no request, and is back when it goes on', async () => {
  // The other one, which waits for its turn on a busy machine, is not silent for so long.
  await using cluster = await startCluster({ runtimes: 2, env: { REENTRY_MS: '2000', STALL_MS: '4000' } });
  const { gateway } = cluster;
  const still = placeOf(cluster, 0);
  using loads = startLoads(cluster);
  await loads.more(some);

  still.running.signal('SIGSTOP');
  await waitFor('the runtime to be ejected', () => isEjected(cluster, still.address));
  await loads.more(some);
  // One that was taken back is left there, to see whether it goes on.
  await waitFor('the rest to be taken back', async () => (await inFlightOf(gateway, still.address)) === 1);
  const redispatched = await redispatchesOf(gateway);
  assert.ok(redispatched > 0);
  await loads.more(some);
  assert.equal(await isEjected(cluster, still.address), true, 'it stays out for as long as it is silent');
  assert.equal(await redispatchesOf(gateway), redispatched, 'it got nothing more');

  still.running.signal('SIGCONT');
  await waitFor('the runtime to be back', async () => !(await isEjected(cluster, still.address)));
  const before = await computedBy(still.running, 'echo');
  await waitFor('traffic', async () => (await computedBy(still.running, 'echo')) > before + some);

  await loads.stop();
  assert.deepEqual(Object.keys(loads.codes()), ['OK']);
  loads.assertOnce();
  assert.equal(await inFlightOf(gateway), 0);
  assert.equal(await metricOf(gateway.metrics, 'sluice_runtime_ejections_total', 'reason="silent"'), 1);
});
