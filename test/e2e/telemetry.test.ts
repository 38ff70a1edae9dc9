import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { Metadata } from '@grpc/grpc-js';
import { toStruct } from '@sluice/kernel/features/struct';
import { features, inferRequest } from '../support/churn.ts';
import { type Clients, connect, unary } from '../support/clients.ts';
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '../support/otlp-receiver.ts';
import { type RunningSluice, startSluice } from '../support/sluice.ts';
import { waitFor } from '../support/wait-for.ts';

const serverKind = 2;
const callersSpan = '00f067aa0ba902b7';
let lastTrace = 0;

/** A caller's span context in a trace of its own. */
const callersTrace = (sampled: boolean): { readonly traceId: string; readonly metadata: Metadata } => {
  lastTrace += 1;
  const traceId = lastTrace.toString(16).padStart(32, '0');
  const metadata = new Metadata();
  metadata.set('traceparent', `00-${traceId}-${callersSpan}-${sampled ? '01' : '00'}`);
  return { traceId, metadata };
};

describe('one trace from the caller to the batch', () => {
  let collector: OtlpReceiver;
  let sluice: RunningSluice;
  let clients: Clients;
  const stack = new AsyncDisposableStack();

  before(async () => {
    collector = stack.use(await startOtlpReceiver());
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '50' };
    sluice = stack.use(await startSluice({ env, runtimeEnv: env }));
    clients = stack.use(connect(sluice.gateway.grpc));
  });
  after(() => stack.disposeAsync());

  const spansOf = (traceId: string, count: number): Promise<readonly ReceivedSpan[]> =>
    waitFor(`${count} spans of ${traceId}`, () => {
      const found = collector.spans.filter((span) => span.traceId === traceId);
      return found.length >= count && found;
    });
  const byName = (spans: readonly ReceivedSpan[], name: string): ReceivedSpan => {
    const found = spans.filter((span) => span.name === name);
    assert.equal(found.length, 1, `${found.length} spans are named ${name}`);
    return found[0] as ReceivedSpan;
  };

  test('a unary call: the caller → gateway → queue and compute in the runtime, linked with the batch both ways', async () => {
    const { traceId, metadata } = callersTrace(true);
    await unary((done) => clients.inference.ModelInfer(inferRequest(), metadata, done));
    const spans = await spansOf(traceId, 4);
    const server = byName(spans, 'inference.GRPCInferenceService/ModelInfer');
    const [queue, compute, batch] = ['queue', 'compute', 'batch'].map((name) => byName(spans, name));
    assert.equal(server.kind, serverKind);
    assert.equal(server.service, 'sluice-gateway');
    assert.equal(server.parentSpanId, callersSpan);
    assert.equal(server.attributes['rpc.system.name'], 'grpc');
    assert.equal(server.attributes['sluice.model'], 'churn');
    assert.equal(server.attributes['sluice.release.version'], '1.0.0');
    assert.equal(server.attributes['sluice.selector'], '1.0.0');
    assert.match(String(server.attributes['sluice.prediction_id']), /^[0-9a-f-]{36}$/);
    for (const span of [queue, compute]) {
      assert.equal(span?.service, 'sluice-model-runtime');
      assert.equal(span?.parentSpanId, server.spanId);
      assert.equal(span?.attributes['sluice.model'], 'churn');
    }
    assert.deepEqual(batch?.links, [compute?.spanId]);
    assert.deepEqual(compute?.links, [batch?.spanId]);
    assert.equal(batch?.attributes['sluice.batch.size'], 1);
    assert.ok(Number(queue?.end) <= Number(compute?.start), 'the queue ends where computing begins');
  });

  test('the span tells what was asked for beside what has answered', async () => {
    const { traceId, metadata } = callersTrace(true);
    const asked = { ...inferRequest(), modelVersion: '~1.0' };
    await unary((done) => clients.inference.ModelInfer(asked, metadata, done));
    const server = byName(await spansOf(traceId, 4), 'inference.GRPCInferenceService/ModelInfer');
    const { attributes } = server;
    assert.deepEqual(
      [attributes['sluice.selector'], attributes['sluice.release.version']],
      ['~1.0', '1.0.0'],
    );
  });

  test('requests that are computed together share one batch span, linked with each of them', async () => {
    const { traceId, metadata } = callersTrace(true);
    const stream = clients.prediction.PredictStream(metadata);
    const count = 24;
    let answered = 0;
    stream.on('data', () => {
      answered += 1;
      if (answered === count) stream.end();
    });
    for (let item = 0; item < count; item += 1) {
      stream.write({
        predict: {
          model: 'churn',
          version: '1.0.0',
          features: toStruct(features()),
          requestId: String(item),
        },
      });
    }
    await once(stream, 'end');
    // A server, a queue and a compute span for each, and whatever number of batches.
    const spans = await waitFor('all spans', () => {
      const found = collector.spans.filter((span) => span.traceId === traceId);
      const batches = found.filter(({ name }) => name === 'batch');
      return (
        batches.flatMap(({ links }) => links).length === count &&
        found.length === 3 * count + batches.length &&
        found
      );
    });
    const servers = spans.filter(({ kind }) => kind === serverKind);
    assert.equal(servers.length, count, 'each message of a stream has a SERVER span of its own');
    assert.ok(servers.every(({ parentSpanId }) => parentSpanId === callersSpan));
    const batches = spans.filter(({ name }) => name === 'batch');
    const linked = batches.flatMap(({ links }) => links).sort();
    const computed = spans.filter(({ name }) => name === 'compute').map(({ spanId }) => spanId);
    assert.deepEqual(linked, computed.sort());
    assert.ok(batches.some(({ attributes }) => Number(attributes['sluice.batch.size']) > 1));
  });

  test('a refused request names its code in its span, is no error of the server, and has nothing below it', async () => {
    const { traceId, metadata } = callersTrace(true);
    await assert.rejects(unary((done) => clients.prediction.Predict({ model: 'nobody' }, metadata, done)));
    const [server] = await spansOf(traceId, 1);
    assert.equal(server?.attributes['error.type'], 'MODEL_NOT_FOUND');
    assert.equal(server?.attributes['rpc.response.status_code'], 'NOT_FOUND');
    assert.match(String(server?.attributes['error.message']), /nobody/);
    assert.equal(server?.error, undefined);
  });

  test('a release that cannot be served is an error of the server', async () => {
    const { traceId, metadata } = callersTrace(true);
    await unary((done) => clients.inference.RepositoryModelUnload({ modelName: 'digits' }, done));
    await assert.rejects(
      unary((done) =>
        clients.prediction.Predict(
          { model: 'digits', features: toStruct({ image: new Array(64).fill(0) }) },
          metadata,
          done,
        ),
      ),
    );
    const [server] = await spansOf(traceId, 1);
    assert.equal(server?.attributes['error.type'], 'RELEASE_UNAVAILABLE');
    assert.match(server?.error ?? '', /unloaded/);
  });

  test('what the caller does not sample is not exported, but its trace id is answered', async () => {
    const unsampled = callersTrace(false);
    const sampled = callersTrace(true);
    const predict = (metadata: Metadata) =>
      unary<{ traceId: string }>((done) =>
        clients.prediction.Predict(
          { model: 'churn', features: toStruct(features()) },
          metadata,
          done as never,
        ),
      );
    assert.equal((await predict(unsampled.metadata)).traceId, unsampled.traceId);
    assert.equal((await predict(sampled.metadata)).traceId, sampled.traceId);
    await spansOf(sampled.traceId, 4);
    assert.deepEqual(
      collector.spans.filter(({ traceId }) => traceId === unsampled.traceId),
      [],
    );
  });

  test('a REST request is in the trace of its traceparent header', async () => {
    const { traceId } = callersTrace(true);
    const headers = { 'content-type': 'application/json', traceparent: `00-${traceId}-${callersSpan}-01` };
    const body = JSON.stringify({ features: features() });
    const response = await fetch(`${sluice.gateway.http}/v1/models/churn:predict`, {
      method: 'POST',
      headers,
      body,
    });
    assert.equal(response.status, 200);
    const spans = await spansOf(traceId, 4);
    const server = spans.find(({ kind }) => kind === serverKind);
    assert.equal(server?.parentSpanId, callersSpan);
    assert.equal(byName(spans, 'compute').parentSpanId, server?.spanId);
  });
});
