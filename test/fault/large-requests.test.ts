import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelInferResponse__Output } from '@sluice/protos/gen/inference/ModelInferResponse';
import { type Clients, connect, unary } from '../support/clients.ts';
import { askInfer } from './support/ask.ts';
import { placeOf, startCluster } from './support/cluster.ts';
import { inFlightOf } from './support/metrics.ts';
import { wideEchoModel } from './support/models.ts';
import { type Outcome, ok, outcomeAfter, wrongAnswer } from './support/outcome.ts';

const megabytes = 1024 * 1024;
/** Large requests, one after the other. */
const times = 5;

/** Numbers of a tensor of so many bytes, no two of which in a row are the same. */
const numbers = (bytes: number): Buffer =>
  Buffer.from(Float32Array.from({ length: bytes / 4 }, (_, index) => index % 1000).buffer);

const askWide = ({ inference }: Clients, data: Buffer): Promise<Outcome> => {
  const request = {
    modelName: 'wide',
    inputs: [{ name: 'x0', datatype: 'FP32', shape: [1, data.length / 4] }],
    rawInputContents: [data],
  };
  return outcomeAfter(
    unary<ModelInferResponse__Output>((done) => inference.ModelInfer(request, done)),
    ({ rawOutputContents: [answer] }) =>
      answer !== undefined && data.equals(answer) ? ok : wrongAnswer('the same', answer?.length),
  );
};

const start = (env: Readonly<Record<string, string>> = {}, runtimeEnv = env) =>
  startCluster({ runtimes: 1, files: { 'wide/1/model.onnx': wideEchoModel() }, env, runtimeEnv });

test('small requests are answered while others of 16 MiB are on their way', async () => {
  await using cluster = await start();
  // A connection of its own, so that the caller's is not what they wait for.
  using other = connect(cluster.gateway.grpc);
  const data = numbers(16 * megabytes);
  assert.equal((await askWide(other, data)).code, 'OK');
  let isOver = false;
  const askLarge = async (): Promise<void> => {
    for (let time = 0; time < times; time += 1) assert.equal((await askWide(other, data)).code, 'OK');
  };
  const large = askLarge().finally(() => {
    isOver = true;
  });
  let small = 0;
  for (; !isOver; small += 1) assert.equal((await askInfer(cluster.clients, small)).code, 'OK');
  await large;
  // On one connection they would wait behind every large one, and hardly any would come between two of them.
  assert.ok(small > 4 * times, `${small} small requests were answered meanwhile`);
});

test('what a runtime does not receive is refused by the gateway, and the link lives on', async () => {
  await using cluster = await start({}, { MAX_MESSAGE_BYTES: String(megabytes) });
  const { clients, gateway } = cluster;
  const refused = await askWide(clients, numbers(2 * megabytes));
  assert.deepEqual([refused.code, refused.status], ['MESSAGE_TOO_LARGE', 8]);
  assert.match(refused.message, /which receives at most 1048576 at once/);
  const almost = await askWide(clients, numbers(megabytes - 4096));
  assert.equal(almost.code, 'OK');
  assert.equal((await askInfer(clients)).code, 'OK');
  assert.equal(
    gateway.lines.some(({ msg }) => msg === 'runtime is lost'),
    false,
  );
});

test('a runtime that dies is lost once, with what both of its streams have', async () => {
  await using cluster = await start();
  const { clients, gateway } = cluster;
  const { running } = placeOf(cluster, 0);
  assert.equal((await askWide(clients, numbers(megabytes))).code, 'OK');
  running.signal('SIGSTOP');
  const asked = [askWide(clients, numbers(megabytes)), askInfer(clients), askWide(clients, numbers(4))];
  while ((await inFlightOf(gateway)) < asked.length) await new Promise((resolve) => setImmediate(resolve));
  await placeOf(cluster, 0).kill();
  const outcomes = await Promise.all(asked);
  assert.deepEqual(
    outcomes.map(({ code }) => code),
    ['RUNTIME_LOST', 'RUNTIME_LOST', 'RUNTIME_LOST'],
  );
  await placeOf(cluster, 0).start();
  // `wide` was under way on both streams; two losses would have put it in quarantine.
  assert.equal(gateway.lines.filter(({ msg }) => msg === 'runtime is lost').length, 1);
  assert.equal(
    gateway.lines.some(({ msg }) => String(msg).includes('in quarantine')),
    false,
  );
});
