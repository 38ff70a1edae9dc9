import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClientUnaryCall } from '@grpc/grpc-js';
import { unary } from '../support/clients.ts';
import { inferRequest, predictRequest } from './support/ask.ts';
import { ok, outcomeAfter } from './support/outcome.ts';
import { assertClean, inFlightIs, startStill } from './support/still.ts';
import { within } from './support/within.ts';

/** In which all requests are certainly seen in flight, on a busy machine too. */
const deadlineMs = 5_000;

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
  const deadline = () => ({ deadline: Date.now() + deadlineMs });
  const asked = [
    unary((done) => inference.ModelInfer(inferRequest(1), deadline(), done)),
    unary((done) => prediction.Predict(predictRequest(2), deadline(), done)),
    unary((done) =>
      inference.ModelInfer(
        { ...inferRequest(3), parameters: { timeout: { int64Param: `${deadlineMs * 1_000}` } } },
        done,
      ),
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
