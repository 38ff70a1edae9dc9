import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClientUnaryCall } from '@grpc/grpc-js';
import { unary } from '../support/clients.ts';
import { startProcess } from '../support/process.ts';
import { waitFor } from '../support/wait-for.ts';
import { askInfer, askPredict, inferRequest, predictRequest } from './support/ask.ts';
import { type Cluster, placeOf, startCluster } from './support/cluster.ts';
import { inFlightOf, metricOf } from './support/metrics.ts';
import { ok, outcomeAfter } from './support/outcome.ts';
import { within } from './support/within.ts';

const inFlightIs = (what: string, { gateway }: Cluster, count: number): Promise<boolean> =>
  waitFor(what, async () => (await inFlightOf(gateway)) === count);

/** A cluster whose only runtime stands still, so that what is sent stays in flight. */
const startStill = async (): Promise<Cluster> => {
  const cluster = await startCluster({ runtimes: 1 });
  placeOf(cluster, 0).running.signal('SIGSTOP');
  return cluster;
};

/** The runtime goes on: it still serves, and nothing that was abandoned is left anywhere. */
const assertClean = async (cluster: Cluster): Promise<void> => {
  const { gateway, clients } = cluster;
  const { running: runtime } = placeOf(cluster, 0);
  runtime.signal('SIGCONT');
  assert.deepEqual([(await askPredict(clients)).code, (await askInfer(clients)).code], ['OK', 'OK']);
  assert.equal(await metricOf(gateway.metrics, 'nv_inference_pending_request_count'), 0);
  assert.equal(await inFlightOf(gateway), 0);
  assert.equal(await metricOf(`http://${runtime.metrics}`, 'sluice_runtime_queued_requests'), 0);
};

test('200 streams whose client is killed leave nothing in flight', async () => {
  await using cluster = await startStill();
  const { gateway } = cluster;
  const [streams, items] = [200, 3];
  await using client = startProcess('test/fault/support/abandoning-client.ts', {}, [
    gateway.grpc,
    String(streams),
    String(items),
  ]);
  await inFlightIs('every item to be in flight', cluster, streams * items);
  client.signal('SIGKILL');
  await inFlightIs('nothing to be in flight', cluster, 0);
  await assertClean(cluster);
});

test('calls and streams that are cancelled in the queue leave nothing in flight', async () => {
  await using cluster = await startStill();
  const { inference, prediction } = cluster.clients;
  const calls: ClientUnaryCall[] = [];
  const asked = [
    unary((done) => calls.push(inference.ModelInfer(inferRequest(1), done))),
    unary((done) => calls.push(prediction.Predict(predictRequest(2), done))),
  ].map((answer) => outcomeAfter(answer, () => ok));
  const streams = [inference.ModelStreamInfer(), prediction.PredictStream()] as const;
  const endings = streams.map(
    (stream) => new Promise<unknown>((resolve) => stream.resume().once('error', (error) => resolve(error))),
  );
  for (let id = 0; id < 10; id += 1) {
    streams[0].write(inferRequest(id));
    streams[1].write({ predict: predictRequest(id) });
  }
  await inFlightIs('every item to be in flight', cluster, 2 + 20);
  for (const call of [...calls, ...streams]) call.cancel();
  await inFlightIs('nothing to be in flight', cluster, 0);
  assert.deepEqual(
    (await Promise.all(asked)).map(({ status }) => status),
    [1, 1],
  );
  await within('the streams to end', Promise.all(endings));
  await assertClean(cluster);
});

test('what its deadline forbids is given up at the deadline and leaves nothing in flight', async () => {
  await using cluster = await startStill();
  const { inference, prediction } = cluster.clients;
  const deadline = () => ({ deadline: Date.now() + 1_000 });
  const asked = [
    unary((done) => inference.ModelInfer(inferRequest(1), deadline(), done)),
    unary((done) => prediction.Predict(predictRequest(2), deadline(), done)),
    unary((done) =>
      inference.ModelInfer({ ...inferRequest(3), parameters: { timeout: { int64Param: '1000000' } } }, done),
    ),
  ].map((answer) => outcomeAfter(answer, () => ok));
  await inFlightIs('every request to be in flight', cluster, 3);
  assert.deepEqual(
    (await Promise.all(asked)).map(({ status }) => status),
    [4, 4, 4],
  );
  await inFlightIs('nothing to be in flight', cluster, 0);
  await assertClean(cluster);
});
