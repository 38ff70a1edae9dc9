import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitFor } from '../support/wait-for.ts';
import { type Cluster, placeOf, startCluster } from './support/cluster.ts';
import { type Loads, startLoads } from './support/loads.ts';
import { availableRuntimes, inFlightOf, metricOf, redispatchesOf } from './support/metrics.ts';

/** As many as there is time for in a minute, where one comes every two seconds. */
const kills = 30;
/** Answers between two of them, of each door. */
const some = 200;
/** Of all requests. */
const mostFailures = 0.001;

/** What a failure may be: the caller is to come back. */
const retryable = ['RUNTIME_LOST', 'RELEASE_UNAVAILABLE', 'RELEASE_QUARANTINED'];

/** Kills a runtime in the middle of its work, and waits until it is back and serves. */
const killAndStart = async (cluster: Cluster, index: number): Promise<void> => {
  const place = placeOf(cluster, index);
  await place.kill();
  await place.start();
  await waitFor('both runtimes', async () => (await availableRuntimes(cluster.gateway)) === 2);
};

/** All that did not end well, each of which says when to come back. */
const failuresOf = ({ byDoor }: Loads): string[] =>
  [...byDoor].flatMap(([door, { outcomes }]) =>
    [...outcomes.values()].flat().flatMap(({ code, message, retryAfterMs = 0 }) => {
      if (code === 'OK') return [];
      assert.ok(retryable.includes(code), `${door}: ${code}: ${message}`);
      if (door !== 'ModelStreamInfer') assert.ok(retryAfterMs > 0, `${door}: ${code} says when to come back`);
      return [`${door}: ${code}: ${message}`];
    }),
  );

test('two runtimes, one of which is killed every two seconds, for a minute: 99.9 % of all requests succeed', async () => {
  await using cluster = await startCluster({ runtimes: 2 });
  const { gateway } = cluster;
  using loads = startLoads(cluster);
  await loads.more(some);
  for (let kill = 0; kill < kills; kill += 1) {
    await killAndStart(cluster, kill % 2);
    await loads.more(some);
  }
  await loads.stop();

  loads.assertOnce();
  const failures = failuresOf(loads);
  const answered = loads.codes()['OK'] ?? 0;
  assert.ok(failures.length <= mostFailures * (answered + failures.length), failures.join('\n'));
  assert.ok((await redispatchesOf(gateway)) > 0, 'the runtimes had requests when they were killed');
  assert.equal(await metricOf(gateway.metrics, 'sluice_retry_budget_empty_total'), 0);
  assert.deepEqual(
    loads.streams.flatMap(({ endings }) => endings),
    [],
    'no stream ended',
  );
  assert.equal(await inFlightOf(gateway), 0);
});
