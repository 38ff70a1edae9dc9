import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitFor } from '../support/wait-for.ts';
import { askPredict } from './support/ask.ts';
import { askRest } from './support/ask-rest.ts';
import { placeOf, startCluster } from './support/cluster.ts';
import { inFlightOfLoads, type Loads, startLoads } from './support/loads.ts';
import { computedBy, inFlightOf } from './support/metrics.ts';
import { endOf } from './support/within.ts';

/** Far longer than a test may take: a process that ends has ended by itself, not because its time was up. */
const env = { DRAIN_MS: '600000' };

/** How a caller may be told that the gateway is going or gone: with our details, or by its own library. */
const refusals = ['DRAINING', 'GRPC_14', 'NO_CONNECTION'];

const assertEndings = (loads: Loads, allowed: readonly string[]): void => {
  loads.assertOnce();
  assert.deepEqual(
    Object.keys(loads.codes()).filter((code) => code !== 'OK' && !allowed.includes(code)),
    [],
  );
};

test('SIGTERM of the gateway drops nothing that it has accepted, ends streams with UNAVAILABLE and exits 0', async () => {
  await using cluster = await startCluster({ runtimes: 1, env });
  const { gateway } = cluster;
  const { running: runtime } = placeOf(cluster, 0);
  using loads = startLoads(cluster);
  await loads.more(100);

  // Every request of the load is under way, and stays so until the gateway has begun to stop.
  runtime.signal('SIGSTOP');
  await waitFor(
    'every request of the load to be in flight',
    async () => (await inFlightOf(gateway)) === inFlightOfLoads,
  );
  const before = loads.codes()['OK'] ?? 0;
  gateway.signal('SIGTERM');
  await gateway.line('stopping');
  runtime.signal('SIGCONT');
  assert.equal(await endOf(gateway), 0);
  await loads.stop();

  assertEndings(loads, refusals);
  const codes = loads.codes();
  assert.ok((codes['OK'] ?? 0) >= before + inFlightOfLoads, 'what was under way was answered');
  assert.equal(codes['OK'], await computedBy(runtime, 'echo'), 'what was computed was answered');
  for (const {
    endings: [ending],
  } of loads.streams) {
    assert.equal(ending?.status, 14);
    assert.equal(ending?.code, 'DRAINING');
    assert.ok((ending?.retryAfterMs ?? 0) > 0, 'a hint when to come back');
  }
});

test('SIGTERM of the gateway in the middle of its work drops nothing that it has accepted', async () => {
  await using cluster = await startCluster({ runtimes: 2, env });
  const { gateway, places } = cluster;
  using loads = startLoads(cluster);
  await loads.more(500);
  gateway.signal('SIGTERM');
  assert.equal(await endOf(gateway), 0);
  await loads.stop();
  assertEndings(loads, refusals);
  const codes = loads.codes();
  const computed = await Promise.all(places.map(({ running }) => computedBy(running, 'echo')));
  assert.equal(
    codes['OK'],
    computed.reduce((sum, count) => sum + count),
    'what was computed was answered',
  );
});

test('a gateway that stops is not ready, answers what is under way, and takes nothing new at any door', async () => {
  await using cluster = await startCluster({ runtimes: 1, env });
  const { gateway, clients } = cluster;
  const { running: runtime } = placeOf(cluster, 0);
  runtime.signal('SIGSTOP');
  const underWay = Promise.all([askPredict(clients, 7), askRest(gateway.http, 8)]);
  await waitFor('both requests to be in flight', async () => (await inFlightOf(gateway)) === 2);
  gateway.signal('SIGTERM');
  await gateway.line('stopping');
  await waitFor('gRPC to be refused', async () => (await askPredict(clients)).status === 14);
  await waitFor('REST to be refused', async () => (await askRest(gateway.http)).code !== 'OK');
  assert.equal((await fetch(`${gateway.metrics}/readyz`)).status, 503);
  assert.equal((await fetch(`${gateway.metrics}/livez`)).status, 200);
  runtime.signal('SIGCONT');
  assert.deepEqual(
    (await underWay).map(({ code }) => code),
    ['OK', 'OK'],
  );
  assert.equal(await endOf(gateway), 0);
  assert.equal(await computedBy(runtime, 'echo'), 2);
});

test('what cannot be answered before DRAIN_MS is up is ended then, and the exit code is 0', async () => {
  await using cluster = await startCluster({ runtimes: 1, env: { DRAIN_MS: '500' } });
  const { gateway } = cluster;
  using loads = startLoads(cluster);
  await loads.more(1);
  placeOf(cluster, 0).running.signal('SIGSTOP');
  await waitFor(
    'every request of the load to be in flight',
    async () => (await inFlightOf(gateway)) === inFlightOfLoads,
  );
  gateway.signal('SIGTERM');
  assert.equal(await endOf(gateway), 0);
  await loads.stop();
  loads.assertOnce();
  // CANCELLED is what grpc-js makes of a call whose server gives up.
  assertEndings(loads, [...refusals, 'GRPC_1']);
});
