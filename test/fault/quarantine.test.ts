import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelInferResponse__Output } from '@sluice/protos/gen/inference/ModelInferResponse';
import { type Clients, unary } from '../support/clients.ts';
import { waitFor } from '../support/wait-for.ts';
import { askInfer, askPredict } from './support/ask.ts';
import { type Cluster, type Place, startCluster } from './support/cluster.ts';
import { computedBy, inFlightOf, redispatchesOf } from './support/metrics.ts';
import { slowModel } from './support/models.ts';
import { type Outcome, ok, outcomeAfter, wrongAnswer } from './support/outcome.ts';
import { within } from './support/within.ts';

/** Asks `slow` for products of [size, size] matrices. */
const askSlow = ({ inference }: Clients, size: number): Promise<Outcome> => {
  const request = {
    modelName: 'slow',
    inputs: [{ name: 'size', datatype: 'INT64', shape: [2] }],
    rawInputContents: [Buffer.from(BigInt64Array.of(BigInt(size), BigInt(size)).buffer)],
  };
  return outcomeAfter(
    unary<ModelInferResponse__Output>((done) => inference.ModelInfer(request, done)),
    ({ rawOutputContents }) => {
      const sum = rawOutputContents[0]?.readFloatLE();
      return sum === 0 ? ok : wrongAnswer(0, sum);
    },
  );
};

/** Minutes of computing. */
const endless = 4096;
const quick = 8;

/** The runtime that computes the one request in flight. */
const busyPlace = ({ gateway, places }: Cluster, without?: Place): Promise<Place> =>
  waitFor('a runtime to have the request', async () => {
    for (const place of places)
      if (place !== without && (await inFlightOf(gateway, place.address)) === 1) return place;
    return undefined;
  });

/** Kills every runtime that gets the request; answers how it ended and which one is left. */
const takeDownTwo = async (
  cluster: Cluster,
): Promise<{ readonly outcome: Outcome; readonly left: Place }> => {
  const asked = askSlow(cluster.clients, endless);
  const first = await busyPlace(cluster);
  await first.kill();
  const second = await busyPlace(cluster, first);
  await second.kill();
  const outcome = await within('the request to end', asked);
  const left = cluster.places.find((place) => place !== first && place !== second);
  assert.ok(left, 'a third runtime');
  return { outcome, left };
};

const start = (quarantineMs: number): Promise<Cluster> =>
  startCluster({
    runtimes: 3,
    files: { 'slow/1/model.onnx': slowModel() },
    // The computing runtime is to be killed, not given up as silent.
    env: { QUARANTINE_MS: String(quarantineMs), STALL_MS: '600000' },
  });

test('a release that takes down two runtimes is kept away from the third until it is loaded anew', async () => {
  await using cluster = await start(600_000);
  const { gateway, clients } = cluster;
  assert.equal((await askSlow(clients, quick)).code, 'OK');
  const { outcome, left } = await takeDownTwo(cluster);
  assert.equal(outcome.code, 'RUNTIME_LOST');
  assert.equal(outcome.status, 14);
  assert.equal(await redispatchesOf(gateway), 1, 'it was sent once more');
  assert.equal(await inFlightOf(gateway), 0, 'and not a third time');
  const before = await computedBy(left.running, 'slow');

  const refused = await askSlow(clients, quick);
  assert.equal(refused.code, 'RELEASE_QUARANTINED');
  assert.equal(refused.status, 14);
  assert.ok((refused.retryAfterMs ?? 0) > 0, 'a hint when to come back');
  assert.equal(await computedBy(left.running, 'slow'), before, 'the third runtime never saw it');
  assert.deepEqual(
    [(await askPredict(clients)).code, (await askInfer(clients)).code],
    ['OK', 'OK'],
    'others are served',
  );

  await unary((done) => clients.inference.RepositoryModelLoad({ modelName: 'slow' }, done));
  assert.equal((await askSlow(clients, quick)).code, 'OK');
  assert.equal(await computedBy(left.running, 'slow'), before + 1);
});

test('a quarantine ends by itself after its time', async () => {
  const quarantineMs = 4_000;
  await using cluster = await start(quarantineMs);
  const { outcome } = await takeDownTwo(cluster);
  assert.equal(outcome.code, 'RUNTIME_LOST');
  const refused = await askSlow(cluster.clients, quick);
  assert.equal(refused.code, 'RELEASE_QUARANTINED');
  const { retryAfterMs = 0 } = refused;
  assert.ok(
    retryAfterMs > 0 && retryAfterMs <= quarantineMs,
    `a hint within the quarantine, got ${retryAfterMs}`,
  );
  await waitFor(
    'the release to be served again',
    async () => (await askSlow(cluster.clients, quick)).code === 'OK',
  );
});
