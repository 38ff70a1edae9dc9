import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askVersion } from '../support/ask-version.ts';
import { waitFor } from '../support/wait-for.ts';
import { startCluster } from './support/cluster.ts';
import { startLoad } from './support/load.ts';
import { availableRuntimes, inFlightOf, metricOf, redispatchesOf } from './support/metrics.ts';
import { echoModel } from './support/models.ts';

/** Answers between two events. */
const some = 200;
/** Kills of whoever holds the release. */
const kills = 4;

test('kill -9 of the runtime that holds an on-demand release: the other one loads it, and no request fails', async () => {
  await using cluster = await startCluster({ runtimes: 2, files: { 'echo/2/model.onnx': echoModel() } });
  const { places, gateway, clients } = cluster;
  using load = startLoad(() => askVersion(clients, 'echo', '1'));
  await load.more(some);
  for (let kill = 0; kill < kills; kill += 1) {
    const holding = await Promise.all(
      places.map(({ running }) =>
        metricOf(`http://${running.metrics}`, 'sluice_runtime_release_ready', 'version="1"'),
      ),
    );
    assert.equal(holding.filter((ready) => ready === 1).length, 1, 'one runtime alone holds it');
    const holder = places[holding.indexOf(1)];
    assert.ok(holder !== undefined);
    // It is held still first, so that it certainly has requests that it will never answer.
    holder.running.signal('SIGSTOP');
    await waitFor('requests in it', async () => (await inFlightOf(gateway, holder.address)) > 0);
    await holder.kill();
    await load.more(some);
    await holder.start();
    await waitFor('both runtimes', async () => (await availableRuntimes(gateway)) === 2);
  }
  await load.stop();
  const outcomes = [...load.outcomes.values()].flat();
  assert.deepEqual(
    outcomes.filter(({ code }) => code !== 'OK'),
    [],
  );
  assert.ok((await redispatchesOf(gateway)) >= kills);
  assert.equal(await inFlightOf(gateway), 0);
});
