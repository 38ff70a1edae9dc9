import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startProcess } from '../support/process.ts';
import { waitFor } from '../support/wait-for.ts';
import type { Cluster } from './support/cluster.ts';
import { startLoads } from './support/loads.ts';
import { metricOf } from './support/metrics.ts';
import { openStreams } from './support/open-streams.ts';
import { assertClean, inFlightIs, openStreamsOf, startStill } from './support/still.ts';

/** Streams that are abandoned in all, and at once. */
const all = 1_000;
const atOnce = 200;
const items = 3;

/** Items that are in flight, or wait for that. */
const underWay = async ({ gateway }: Cluster): Promise<number> =>
  (await metricOf(gateway.metrics, 'sluice_admission_in_flight_requests')) +
  (await metricOf(gateway.metrics, 'sluice_admission_waiting_requests'));

/** Waits until all streams of a round are open and each has something under way, if anything was sent. */
const areOpen = async (cluster: Cluster, sent: number): Promise<void> => {
  await waitFor('every stream to be open', async () => (await openStreamsOf(cluster)) === atOnce);
  // What was abandoned before has lowered the limit of admission: some streams have one item waiting.
  const least = sent === 0 ? 0 : atOnce;
  await waitFor('an item of each to be under way', async () => (await underWay(cluster)) >= least);
};

const areGone = async (cluster: Cluster): Promise<void> => {
  await waitFor('no stream to be open', async () => (await openStreamsOf(cluster)) === 0);
  await waitFor('nothing to be under way', async () => (await underWay(cluster)) === 0);
  await inFlightIs('nothing to be in flight', cluster, 0);
};

/** All is clean, and a load at every door is answered as ever. */
const assertAsBefore = async (cluster: Cluster): Promise<void> => {
  await assertClean(cluster);
  using loads = startLoads(cluster);
  await loads.more(100);
  await loads.stop();
  loads.assertOnce();
  assert.deepEqual(Object.keys(loads.codes()), ['OK']);
};

test(`${all} streams whose clients are killed leave nothing in flight, and no stream open`, async () => {
  await using cluster = await startStill();
  for (let gone = 0; gone < all; gone += atOnce) {
    await using client = startProcess('test/fault/support/abandoning-client.ts', {}, [
      cluster.gateway.grpc,
      String(atOnce),
      String(items),
    ]);
    await areOpen(cluster, items);
    client.signal('SIGKILL');
    await areGone(cluster);
  }
  await assertAsBefore(cluster);
});

/** How far streams are when they are cancelled. */
const stages = [
  { stage: 'before anything was sent', sent: 0, ended: false },
  { stage: 'while their answers are due', sent: items, ended: false },
  { stage: 'after their end, while their answers are due', sent: items, ended: true },
] as const;

for (const { stage, sent, ended } of stages) {
  test(`${all} streams that are cancelled ${stage} leave nothing in flight, and no stream open`, async () => {
    await using cluster = await startStill();
    for (let gone = 0; gone < all; gone += atOnce) {
      const streams = openStreams(cluster.clients, atOnce, sent);
      for (const stream of streams) stream.on('error', () => undefined);
      if (ended) for (const stream of streams) stream.end();
      await areOpen(cluster, sent);
      for (const stream of streams) stream.cancel();
      await areGone(cluster);
    }
    await assertAsBefore(cluster);
  });
}
