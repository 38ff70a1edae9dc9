import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { freePort } from '@sluice/kernel/testing/free-port';
import type { Environment } from '../support/sluice.ts';
import { waitFor } from '../support/wait-for.ts';
import { placeOf, startCluster } from './support/cluster.ts';
import { startLoads } from './support/loads.ts';
import { computedBy } from './support/metrics.ts';
import { endOf } from './support/within.ts';

/** A collector that takes connections and whatever comes over them, and never answers. */
const silentCollector = async (): Promise<{ port: number; received: () => number } & Disposable> => {
  const sockets = new Set<Socket>();
  let received = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('data', (bytes) => (received += bytes.length)).on('error', () => undefined);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    received: () => received,
    [Symbol.dispose]: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
};

/** Spans leave soon and often, so that the exporter is at its limit while the load runs. */
const tracingTo = (port: number): Environment => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
  OTEL_BSP_SCHEDULE_DELAY: '50',
  // Far longer than a test may take: a process that ends has ended by itself, not because its time was up.
  DRAIN_MS: '600000',
});

const loadThenStop = async (
  env: Environment,
  whileLoaded: () => Promise<unknown> = async () => undefined,
) => {
  await using cluster = await startCluster({ runtimes: 1, env, runtimeEnv: env });
  const { gateway } = cluster;
  const { running: runtime } = placeOf(cluster, 0);
  using loads = startLoads(cluster);
  await loads.more(1_000);
  await whileLoaded();
  await loads.more(100);
  await loads.stop();
  loads.assertOnce();
  assert.deepEqual(Object.keys(loads.codes()), ['OK']);
  assert.equal(loads.codes()['OK'], await computedBy(runtime, 'echo'));
  for (const running of [gateway, runtime]) running.signal('SIGTERM');
  assert.deepEqual(await Promise.all([endOf(gateway), endOf(runtime)]), [0, 0]);
};

test('a collector that is not there loses no request and holds no process up', async () => {
  await loadThenStop(tracingTo(await freePort()));
});

test('a collector that takes everything and never answers loses no request and holds no process up', async () => {
  using collector = await silentCollector();
  await loadThenStop(tracingTo(collector.port), () =>
    waitFor('spans at the collector', () => collector.received() > 0),
  );
});
