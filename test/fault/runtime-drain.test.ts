import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitFor } from '../support/wait-for.ts';
import { askPredict } from './support/ask.ts';
import { type Cluster, type Place, placeOf, startCluster } from './support/cluster.ts';
import { startLoads } from './support/loads.ts';
import { availableRuntimes, redispatchesOf } from './support/metrics.ts';
import { endOf } from './support/within.ts';

/** Far longer than a test may take: a process that ends has ended by itself, not because its time was up. */
const runtimeEnv = { DRAIN_MS: '600000' };
/** A runtime that waits for its turn on a busy machine has not stalled: nothing is to be taken back from it. */
const env = { STALL_MS: '600000' };

/** Stops a runtime: it ends by itself and with exit code 0, once the gateway has let it go. */
const stop = async ({ gateway }: Cluster, { running, address }: Place): Promise<void> => {
  running.signal('SIGTERM');
  assert.equal(await endOf(running), 0);
  const stopped = await waitFor('the gateway to note it', () =>
    gateway.lines.find(({ msg, runtime }) => msg === 'runtime has stopped' && runtime === address),
  );
  assert.equal(stopped['reason'], 'the runtime ended the stream');
};

test('SIGTERM of one of two runtimes under load fails no request and sends none twice', async () => {
  await using cluster = await startCluster({ runtimes: 2, env, runtimeEnv });
  const { gateway } = cluster;
  using loads = startLoads(cluster);
  for (const index of [0, 1]) {
    const place = placeOf(cluster, index);
    await loads.more(200);
    await stop(cluster, place);
    await loads.more(200);
    await place.start();
    await waitFor('the runtime to be connected again', async () => (await availableRuntimes(gateway)) === 2);
  }
  await loads.stop();
  assert.deepEqual(Object.keys(loads.codes()), ['OK']);
  loads.assertOnce();
  assert.equal(await redispatchesOf(gateway), 0, 'the drain was announced');
});

test('SIGTERM of the only runtime under load loses no request that it has taken', async () => {
  await using cluster = await startCluster({ runtimes: 1, runtimeEnv });
  const { gateway, clients } = cluster;
  const only = placeOf(cluster, 0);
  using loads = startLoads(cluster);
  await loads.more(200);
  await stop(cluster, only);
  await waitFor('the gateway to be not ready', async () => !(await fetch(`${gateway.http}/readyz`)).ok);
  const refused = await askPredict(clients);
  assert.equal(refused.code, 'RELEASE_UNAVAILABLE');
  assert.ok((refused.retryAfterMs ?? 0) > 0, 'a hint when to come back');
  await only.start();
  await loads.more(200);
  await loads.stop();
  loads.assertOnce();
  const { OK: answered = 0, RELEASE_UNAVAILABLE: unavailable = 0, ...others } = loads.codes();
  assert.deepEqual(others, {}, 'nothing else came to the callers');
  assert.ok(answered > 0 && unavailable > 0);
});
