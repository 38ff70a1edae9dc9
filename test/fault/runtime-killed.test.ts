import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitFor } from '../support/wait-for.ts';
import { type Cluster, placeOf, startCluster } from './support/cluster.ts';
import { startLoads } from './support/loads.ts';
import { availableRuntimes, computedBy, inFlightOf, redispatchesOf } from './support/metrics.ts';

/** Answers between two events, of each door. */
const some = 100;

/** Starts a runtime again and waits until it computes. */
const bringBack = async (cluster: Cluster, index: number): Promise<void> => {
  const place = placeOf(cluster, index);
  await place.start();
  await waitFor(
    'the runtime to be connected again',
    async () => (await availableRuntimes(cluster.gateway)) === 2,
  );
  const before = await computedBy(place.running, 'echo');
  await waitFor(
    'traffic on the runtime',
    async () => (await computedBy(place.running, 'echo')) > before + some,
  );
};

test('kill -9 of one of two runtimes under load fails no request, and it gets traffic again when it is back', async () => {
  await using cluster = await startCluster({ runtimes: 2 });
  const { gateway } = cluster;
  using loads = startLoads(cluster);
  await loads.more(some);

  // It is held still first, so that it certainly has requests that it will never answer.
  const first = placeOf(cluster, 0);
  first.running.signal('SIGSTOP');
  await waitFor(
    'requests in the runtime that stands still',
    async () => (await inFlightOf(gateway, first.address)) > 0,
  );
  const doomed = await inFlightOf(gateway, first.address);
  await first.kill();
  await loads.more(some);
  assert.ok((await redispatchesOf(gateway)) >= doomed, `${doomed} requests were to be sent once more`);
  await bringBack(cluster, 0);

  await placeOf(cluster, 1).kill();
  await loads.more(some);
  await bringBack(cluster, 1);

  await loads.stop();
  assert.deepEqual(Object.keys(loads.codes()), ['OK']);
  loads.assertOnce();
  assert.deepEqual(
    loads.streams.flatMap(({ endings }) => endings),
    [],
    'no stream ended',
  );
  assert.equal(await inFlightOf(gateway), 0);
});
