import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PredictResponse__Output } from '@sluice/protos/gen/sluice/v1/PredictResponse';
import { unary } from '../support/clients.ts';
import { adminEnv, publish } from '../support/publishing.ts';
import { predictRequest } from './support/ask.ts';
import { type Cluster, startCluster } from './support/cluster.ts';
import { inFlightOfLoads, startLoads } from './support/loads.ts';
import { largePackage } from './support/publishing.ts';

const publications = 10;
/** Answers between two of them, of each door. */
const some = 200;

const answering = async ({ clients }: Cluster): Promise<string | undefined> => {
  const { release } = await unary<PredictResponse__Output>((done) =>
    clients.prediction.Predict(predictRequest(1), done),
  );
  return release?.version;
};

test(`while ${inFlightOfLoads} requests are in flight, releases that are published take over without an error`, async () => {
  await using cluster = await startCluster({
    runtimes: 2,
    // Nobody looks at the store on their own: the publication alone has it read.
    env: { ...adminEnv, STORE_POLL_MS: '600000' },
  });
  using loads = startLoads(cluster);
  for (let index = 0; index < publications; index += 1) {
    await loads.more(some);
    await using local = await largePackage(`2.0.${index}`);
    const { state, reason } = await publish(cluster.gateway.grpc, local);
    assert.equal(state, 'RELEASE_STATE_READY', reason);
    assert.equal(await answering(cluster), `2.0.${index}`);
  }
  await loads.more(some);
  await loads.stop();
  loads.assertOnce();
  assert.deepEqual(Object.keys(loads.codes()), ['OK']);
});
