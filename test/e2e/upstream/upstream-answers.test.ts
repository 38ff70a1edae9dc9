import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fromStruct, toStruct } from '@sluice/kernel/features/struct';
import type { PredictResponse__Output } from '@sluice/protos/gen/sluice/v1/PredictResponse';
import { unary } from '../../support/clients.ts';
import { waitFor } from '../../support/wait-for.ts';
import { refusalOf } from '../bad-input/grpc-refusal.ts';
import { metricValue } from '../bad-input/metrics.ts';
import { echo, infer, refused, send, slow } from './ask.ts';
import { startUpstream, type UpstreamFixture } from './fixture.ts';

describe('releases that another server computes', () => {
  let fixture: UpstreamFixture;
  const stack = new AsyncDisposableStack();
  const maxInFlight = 3;

  before(async () => {
    fixture = stack.use(await startUpstream({ UPSTREAM_MAX_IN_FLIGHT: `${maxInFlight}` }));
    for (const model of ['far', 'loose', 'far-failing', 'far-slow']) await fixture.until(model, true);
  });
  after(() => stack.disposeAsync());

  const inFlight = (): Promise<number> =>
    metricValue(fixture.gateway.metrics, 'sluice_runtime_in_flight_requests', { runtime: fixture.url });
  const untilInFlight = (count: number): Promise<unknown> =>
    waitFor(`${count} in flight`, async () => (await inFlight()) === count);

  test('are answered by it, whether asked with tensors or with features', async () => {
    assert.deepEqual(await infer(fixture.clients, echo('far', 1, 2, 3)), [1, 2, 3]);
    const { prediction } = await unary<PredictResponse__Output>((done) =>
      fixture.clients.prediction.Predict({ model: 'far', features: toStruct({ x0: 7 }) }, done),
    );
    assert.deepEqual(fromStruct(prediction?.outputs ?? null), { y0: 7 });
  });

  test("are passed over by the gateway's own runtime, which computes what is its own", async () => {
    assert.deepEqual(await infer(fixture.clients, echo('near', 4)), [4]);
    await fixture.own.line('passed over far 1.0.0: another server computes it');
    assert.ok(!fixture.own.lines.some(({ level }) => level === 'error' || level === 'warn'));
  });

  test('say in their configuration that ONNX Runtime does not run them', async () => {
    const { config } = await unary<{ config: { platform: string; defaultModelFilename: string } }>((done) =>
      fixture.clients.inference.ModelConfig({ name: 'far' }, done as never),
    );
    assert.equal(config.platform, 'upstream');
    assert.equal(config.defaultModelFilename, '');
  });

  /** Each release is looked at by itself: the others are served before it is known of this one. */
  const untilReason = (model: string, reason: RegExp): Promise<unknown> =>
    waitFor(`${model} to say ${reason}`, async () => reason.test(await fixture.reasonOf(model)));

  test('are not ready while a golden case comes out otherwise, and the reason says how', async () => {
    const reason = /grpc:.*: golden case 'an echo': y0: expected .*\[3\].*, got .*\[2\]/;
    await untilReason('mistaken', reason);
    const { code, message } = await refused(fixture.clients, echo('mistaken', 1));
    assert.equal(code, 'RELEASE_UNAVAILABLE');
    assert.match(message, reason);
    assert.doesNotMatch(message, /does not hold it/);
  });

  test('are not ready while the other server answers another datatype than they declare', async () => {
    await untilReason(
      'other-type',
      /does not fit the release's signature: outputs\.y0\.datatype: expected FP64, got FP32/,
    );
  });

  test('are not ready where the other server knows no such model', async () => {
    await untilReason('nowhere', /says that 'nobody' is not ready/);
  });

  test('input that only the other server refuses is told in its words, as invalid input', async () => {
    const wrong = { model: 'loose', input: 'x0', shape: [1, 2], values: [1, 2] };
    const { code, message, violations } = await refused(fixture.clients, wrong);
    assert.equal(code, 'INVALID_INPUT');
    assert.match(message, /^grpc:.* says: inputs\.x0\.shape: expected \[-1,3\], got \[1,2\]$/);
    assert.deepEqual(
      violations?.map(({ path }) => path),
      ['inputs.x0.shape'],
    );
  });

  test('a graph that fails over there is a failed computation here', async () => {
    const outside = { model: 'far-failing', input: 'index', shape: [1], values: [7n] };
    const { code, message } = await refused(fixture.clients, outside);
    assert.equal(code, 'COMPUTE_FAILED');
    assert.match(message, /^grpc:.* says: /);
  });

  test('the deadline goes along: what waits too long is answered here and never computed there', async () => {
    const runs = (): Promise<number> =>
      metricValue(`http://${fixture.other.metrics}`, 'sluice_runtime_batch_size_count', { model: 'slow' });
    const before = await runs();
    const first = infer(fixture.clients, slow(1024));
    await untilInFlight(1);
    const late = await refused(fixture.clients, { ...slow(1), timeoutUs: 100_000 });
    assert.equal(late.code, 'DEADLINE_EXCEEDED');
    await first;
    assert.deepEqual(await infer(fixture.clients, slow(1)), [0]);
    assert.equal(await runs(), before + 2);
  });

  test('no more calls are under way than may be, and a caller who goes away makes room', async () => {
    const calls = Array.from({ length: maxInFlight }, () =>
      send(fixture.clients, slow(1024), () => undefined),
    );
    await untilInFlight(maxInFlight);
    const full = await refused(fixture.clients, echo('far', 1));
    assert.equal(full.code, 'QUEUE_FULL');
    assert.match(full.message, /3 calls are under way at grpc:/);
    for (const call of calls) call.cancel();
    await untilInFlight(0);
    assert.deepEqual(await infer(fixture.clients, echo('far', 5)), [5]);
  });

  test('loading by hand asks the other server now; unloading is its own affair', async () => {
    const { inference } = fixture.clients;
    const load = (modelName: string) => unary((done) => inference.RepositoryModelLoad({ modelName }, done));
    await load('far');
    const failed = await load('mistaken').then(() => assert.fail('loaded'), refusalOf);
    assert.equal(failed.code, 'RELEASE_UNAVAILABLE');
    assert.match(failed.message, /failed to load mistaken: 1\.0\.0: grpc:.*golden case 'an echo'/);
    const unloaded = await unary((done) => inference.RepositoryModelUnload({ modelName: 'far' }, done)).then(
      () => assert.fail('unloaded'),
      refusalOf,
    );
    assert.equal(unloaded.code, 'UNIMPLEMENTED');
  });
});
