import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unary } from '../support/clients.ts';
import { waitFor } from '../support/wait-for.ts';
import { askInfer, askPredict } from './support/ask.ts';
import { type Cluster, placeOf, startCluster } from './support/cluster.ts';
import { inFlightOfLoads, startLoads } from './support/loads.ts';
import { inFlightOf } from './support/metrics.ts';

const statusOf = async (url: string): Promise<number> => (await fetch(url)).status;

const readiness = async ({ gateway, clients }: Cluster) => ({
  operations: await statusOf(`${gateway.metrics}/readyz`),
  http: await statusOf(`${gateway.http}/readyz`),
  live: await statusOf(`${gateway.metrics}/livez`),
  grpc: await unary<{ ready: boolean }>((done) => clients.inference.ServerReady({}, done)),
  grpcLive: await unary<{ live: boolean }>((done) => clients.inference.ServerLive({}, done)),
});

test('with its only runtime killed the gateway answers UNAVAILABLE with a hint, and recovers by itself', async () => {
  await using cluster = await startCluster({ runtimes: 1 });
  const { gateway, clients } = cluster;
  const only = placeOf(cluster, 0);
  using loads = startLoads(cluster);
  await loads.more(100);

  only.running.signal('SIGSTOP');
  await waitFor(
    'every request of the load to be in flight',
    async () => (await inFlightOf(gateway)) === inFlightOfLoads,
  );
  await only.kill();
  await waitFor('the gateway to be not ready', async () => !(await fetch(`${gateway.http}/readyz`)).ok);
  assert.deepEqual(await readiness(cluster), {
    operations: 503,
    http: 503,
    live: 200,
    grpc: { ready: false },
    grpcLive: { live: true },
  });
  for (const outcome of [await askPredict(clients), await askInfer(clients)]) {
    assert.equal(outcome.code, 'RELEASE_UNAVAILABLE');
    assert.equal(outcome.status, 14);
    assert.ok((outcome.retryAfterMs ?? 0) > 0, 'a hint when to come back');
    assert.match(outcome.message, new RegExp(`${only.address} is not reachable`));
  }

  await only.start();
  await waitFor('the gateway to be ready again', async () => (await fetch(`${gateway.http}/readyz`)).ok);
  await loads.more(100);
  await loads.stop();
  assert.deepEqual((await readiness(cluster)).grpc, { ready: true });

  loads.assertOnce();
  const { OK: answered, RELEASE_UNAVAILABLE: refused, RUNTIME_LOST: lost, ...others } = loads.codes();
  assert.deepEqual(others, {}, 'nothing else came to the callers');
  assert.equal(lost, inFlightOfLoads, 'what was in flight, and nothing else, was lost with the runtime');
  assert.ok((answered ?? 0) > 0 && (refused ?? 0) > 0);
  const failures = [...loads.byDoor].flatMap(([door, { outcomes }]) =>
    [...outcomes.values()].flat().flatMap((outcome) => (outcome.code === 'OK' ? [] : [{ door, ...outcome }])),
  );
  for (const { door, status, retryAfterMs = 0 } of failures) {
    assert.equal(status, door.includes('Stream') ? undefined : door === 'REST' ? 503 : 14, door);
    if (door !== 'ModelStreamInfer') assert.ok(retryAfterMs > 0, `${door}: a hint when to come back`);
  }
  assert.deepEqual(
    loads.streams.flatMap(({ endings }) => endings),
    [],
    'the streams live on',
  );
});
