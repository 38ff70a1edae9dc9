import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import { toStruct } from '@sluice/kernel/features/struct';
import type { ModelInferRequest } from '@sluice/protos/gen/inference/ModelInferRequest';
import type { ModelStreamInferResponse__Output } from '@sluice/protos/gen/inference/ModelStreamInferResponse';
import type { PredictStreamRequest } from '@sluice/protos/gen/sluice/v1/PredictStreamRequest';
import type { PredictStreamResponse__Output } from '@sluice/protos/gen/sluice/v1/PredictStreamResponse';
import type { Clients } from '../support/clients.ts';
import { waitFor } from '../support/wait-for.ts';
import { askInfer, askPredict, inferRequest, predictRequest } from './support/ask.ts';
import { placeOf, startCluster } from './support/cluster.ts';
import { computedBy, inFlightOf } from './support/metrics.ts';
import { wideEchoModel } from './support/models.ts';
import type { Outcome } from './support/outcome.ts';
import { settled } from './support/settled.ts';
import { within } from './support/within.ts';

/** Items of one stream that are read and not yet answered. */
const limit = 8;
const env = { MAX_STREAM_IN_FLIGHT: String(limit) };
/** Items that are offered. */
const offered = 400;
/** What may be computed while nobody reads: those in flight, and what the buffers of both ends of a stream hold. */
const mostUnread = 100;

interface Kind<In, Out> {
  readonly open: (clients: Clients) => ClientDuplexStream<In, Out>;
  readonly small: (id: number) => In;
  /** An item whose answer takes more than 16 KiB. */
  readonly large: (id: number) => In;
  readonly idOf: (answer: Out) => string;
  /** One unary call over the same connection. */
  readonly alone: (clients: Clients) => Promise<Outcome>;
}

const modelStreamInfer: Kind<ModelInferRequest, ModelStreamInferResponse__Output> = {
  open: ({ inference }) => inference.ModelStreamInfer(),
  small: inferRequest,
  large: (id) => ({
    modelName: 'wide',
    id: String(id),
    inputs: [{ name: 'x0', datatype: 'FP32', shape: [1, 16_384] }],
    rawInputContents: [Buffer.alloc(4 * 16_384)],
  }),
  idOf: ({ errorMessage, inferResponse }) => errorMessage || (inferResponse?.id ?? ''),
  alone: askInfer,
};

const wideRow = Array.from({ length: 2_000 }, (_, index) => index);

const predictStream: Kind<PredictStreamRequest, PredictStreamResponse__Output> = {
  open: ({ prediction }) => prediction.PredictStream(),
  small: (id) => ({ predict: predictRequest(id) }),
  large: (id) => ({ predict: { model: 'wide', requestId: String(id), features: toStruct({ x0: wideRow }) } }),
  idOf: ({ error, response }) => error?.message ?? response?.requestId ?? '',
  alone: askPredict,
};

const testKind = <In, Out>(name: string, { open, small, large, idOf, alone }: Kind<In, Out>): void => {
  test(`${name}: items are read no further than MAX_STREAM_IN_FLIGHT ahead of their answers`, async () => {
    await using cluster = await startCluster({ runtimes: 1, env });
    const { gateway, clients } = cluster;
    const { running: runtime } = placeOf(cluster, 0);
    assert.equal((await alone(clients)).code, 'OK');
    runtime.signal('SIGSTOP');
    // An error shows as the end that does not come.
    const stream = open(clients).on('error', () => undefined);
    const ids: string[] = [];
    stream.on('data', (answer: Out) => ids.push(idOf(answer)));
    const sent = Array.from(
      { length: offered },
      (_, id) => new Promise((resolve) => stream.write(small(id), resolve)),
    );
    stream.end();
    await within('every item to leave', Promise.all(sent));
    // It left after all items, over the same connection: when it is in flight, they have all arrived.
    const after = alone(clients);
    await waitFor('the call to be in flight', async () => (await inFlightOf(gateway)) > limit);
    assert.equal(await inFlightOf(gateway), limit + 1);
    runtime.signal('SIGCONT');
    assert.equal((await after).code, 'OK');
    await within('the end of the stream', once(stream, 'end'));
    assert.deepEqual(
      ids.map(Number).sort((a, b) => a - b),
      [...sent.keys()],
      'each item is answered once',
    );
  });

  test(`${name}: what the client does not read is not computed, and others do not wait for it`, async () => {
    await using cluster = await startCluster({
      runtimes: 1,
      env,
      files: { 'wide/1/model.onnx': wideEchoModel() },
    });
    const { gateway, clients } = cluster;
    const { running: runtime } = placeOf(cluster, 0);
    const ids: string[] = [];
    const stream = open(clients).on('error', () => undefined);
    // A grpc-js client that has read nothing at all takes whatever comes; after its first read it does not.
    stream.on('data', (answer: Out) => ids.push(idOf(answer))).once('data', () => stream.pause());
    for (let id = 0; id < offered; id += 1) stream.write(large(id));
    stream.end();
    const unread = await settled('computing to stand still', () => computedBy(runtime, 'wide'));
    assert.ok(
      unread >= limit && unread <= mostUnread,
      `${unread} of ${offered} items were computed, though none is read`,
    );
    await waitFor('nothing to be in flight', async () => (await inFlightOf(gateway)) === 0);
    assert.equal((await alone(clients)).code, 'OK');

    stream.resume();
    await within('the end of the stream', once(stream, 'end'));
    assert.deepEqual(
      ids.map(Number).sort((a, b) => a - b),
      [...Array(offered).keys()],
      'each item is answered once',
    );
    assert.equal(await computedBy(runtime, 'wide'), offered);
  });
};

testKind('ModelStreamInfer', modelStreamInfer);
testKind('PredictStream', predictStream);
