import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitFor } from '../support/wait-for.ts';
import { askPredict } from './support/ask.ts';
import { placeOf, startCluster } from './support/cluster.ts';
import { startLoads } from './support/loads.ts';
import { computedBy, inFlightOf } from './support/metrics.ts';

/** Far longer than a test may take: a process that ends has ended by itself, not because its time was up. */
const env = { DRAIN_MS: '600000' };

/** How a caller may be told that the gateway is going or gone: with our details, or by its own library. */
const refusals = new Set(['OK', 'DRAINING', 'GRPC_14']);

test('SIGTERM of the gateway drops nothing that it has accepted, ends streams with UNAVAILABLE and exits 0', async () => {
  await using cluster = await startCluster({ runtimes: 1, env });
  const { gateway, clients } = cluster;
  const { running: runtime } = placeOf(cluster, 0);
  using loads = startLoads(clients);
  await loads.more(100);

  // Every request of the load is under way, and stays so until the gateway has begun to stop.
  runtime.signal('SIGSTOP');
  await waitFor(
    'every request of the load to be in flight',
    async () => (await inFlightOf(gateway)) === 4 * 16,
  );
  const before = loads.codes()['OK'] ?? 0;
  gateway.signal('SIGTERM');
  await gateway.line('stopping');
  runtime.signal('SIGCONT');
  assert.equal(await gateway.exited, 0);
  await loads.stop();

  loads.assertOnce();
  const codes = loads.codes();
  assert.deepEqual(
    Object.keys(codes).filter((code) => !refusals.has(code)),
    [],
  );
  assert.ok((codes['OK'] ?? 0) >= before + 4 * 16, 'what was under way was answered');
  assert.equal(codes['OK'], await computedBy(runtime, 'echo'), 'what was computed was answered');
  for (const { endings } of loads.streams) {
    assert.equal(endings[0]?.status, 14);
    assert.equal(endings[0]?.code, 'DRAINING');
    assert.ok((endings[0]?.retryAfterMs ?? 0) > 0, 'a hint when to come back');
  }
});

test('SIGTERM of the gateway in the middle of its work drops nothing that it has accepted', async () => {
  await using cluster = await startCluster({ runtimes: 2, env });
  const { gateway, clients, places } = cluster;
  using loads = startLoads(clients);
  await loads.more(500);
  gateway.signal('SIGTERM');
  assert.equal(await gateway.exited, 0);
  await loads.stop();
  loads.assertOnce();
  const codes = loads.codes();
  assert.deepEqual(
    Object.keys(codes).filter((code) => !refusals.has(code)),
    [],
  );
  const computed = await Promise.all(places.map(({ running }) => computedBy(running, 'echo')));
  assert.equal(
    codes['OK'],
    computed.reduce((sum, count) => sum + count),
    'what was computed was answered',
  );
});

test('a gateway that stops is not ready, answers what is under way, and takes nothing new', async () => {
  await using cluster = await startCluster({ runtimes: 1, env });
  const { gateway, clients } = cluster;
  const { running: runtime } = placeOf(cluster, 0);
  runtime.signal('SIGSTOP');
  const underWay = askPredict(clients, 7);
  await waitFor('the request to be in flight', async () => (await inFlightOf(gateway)) === 1);
  gateway.signal('SIGTERM');
  await gateway.line('stopping');
  await waitFor('new requests to be refused', async () => (await askPredict(clients)).status === 14);
  assert.equal((await fetch(`${gateway.metrics}/readyz`)).status, 503);
  assert.equal((await fetch(`${gateway.metrics}/livez`)).status, 200);
  runtime.signal('SIGCONT');
  assert.equal((await underWay).code, 'OK');
  assert.equal(await gateway.exited, 0);
  assert.equal(await computedBy(runtime, 'echo'), 1);
});
