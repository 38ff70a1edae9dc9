import assert from 'node:assert/strict';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryStore } from '../support/store.ts';
import { waitFor } from '../support/wait-for.ts';
import { type Cluster, type Place, placeOf, startCluster } from './support/cluster.ts';
import { startLoads } from './support/loads.ts';
import { availableRuntimes, computedBy, redispatchesOf } from './support/metrics.ts';

/** Answers between two events, of each door. */
const some = 100;

const list = (...places: readonly Place[]): string => places.map(({ address }) => `${address}\n`).join('');

/** Replaces the file as a careful writer does: never half. */
const replace = async (path: string, text: string): Promise<void> => {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
};

const connected = ({ gateway }: Cluster, count: number): Promise<boolean> =>
  waitFor(`${count} runtimes to be connected`, async () => (await availableRuntimes(gateway)) === count);

const traffic = async ({ running }: Place): Promise<void> => {
  const before = await computedBy(running, 'echo');
  await waitFor('traffic on a runtime', async () => (await computedBy(running, 'echo')) > before + some);
};

test('runtimes that come and go under load, by the file that lists them, fail no request', async () => {
  await using files = await temporaryStore();
  const path = join(files.folder, 'runtimes');
  // Until there is a list the gateway cannot be ready; the first runtime of the cluster is written there at once.
  await using cluster = await startCluster({
    runtimes: 2,
    // A runtime that waits for its turn on a busy machine has not stalled: nothing is to be taken back from it.
    env: { RUNTIMES_FILE: path, STALL_MS: '600000' },
    beforeGateway: ([first]) => (first === undefined ? undefined : replace(path, list(first))),
  });
  const [first, second] = [placeOf(cluster, 0), placeOf(cluster, 1)];
  await connected(cluster, 1);
  using loads = startLoads(cluster);
  await loads.more(some);
  assert.equal(await computedBy(second.running, 'echo'), 0, 'it is not in the list');

  await replace(path, `# both\n${list(first, second)}`);
  await traffic(second);

  await replace(path, list(second));
  await connected(cluster, 1);
  await loads.more(some);
  const left = await computedBy(first.running, 'echo');
  await loads.more(some);
  assert.equal(await computedBy(first.running, 'echo'), left, 'who was taken off the list gets nothing');

  // A list that cannot be read changes nothing.
  await replace(path, 'nobody');
  await cluster.gateway.line("the file of runtimes is not used: line 1: expected host:port, got 'nobody'");
  await loads.more(some);

  await replace(path, list(second, first));
  await traffic(first);
  await loads.stop();
  assert.deepEqual(Object.keys(loads.codes()), ['OK']);
  loads.assertOnce();
  assert.equal(await redispatchesOf(cluster.gateway), 0, 'nothing was taken away from anybody');
});
