import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { type ServerUnaryCall, type sendUnaryData, status } from '@grpc/grpc-js';
import { trace } from '@opentelemetry/api';
import type { ModelInferRequest__Output } from '@sluice/protos/gen/inference/ModelInferRequest';
import type { ModelInferResponse } from '@sluice/protos/gen/inference/ModelInferResponse';
import { loadProtos } from '@sluice/protos/load';
import { SluiceError } from '../errors/sluice-error.ts';
import { type InferenceClient, openInferenceClient } from './inference-client.ts';
import { defaultLimits, startRpcServer } from './server.ts';

const protos = loadProtos();
type Call = ServerUnaryCall<ModelInferRequest__Output, ModelInferResponse>;
type Infer = (call: Call, done: sendUnaryData<ModelInferResponse>) => void;

const answer: ModelInferResponse = {
  modelVersion: '3',
  outputs: [{ name: 'y', datatype: 'FP32', shape: [1] }],
  rawOutputContents: [Buffer.alloc(4, 1)],
};

const open = (t: TestContext, address: string, maxAnswerBytes = 1_000_000): InferenceClient => {
  const tracer = trace.getTracer('test');
  const client = openInferenceClient({ address, packages: protos, tracer, maxAnswerBytes });
  t.after(() => client[Symbol.dispose]());
  return client;
};

const serve = async (t: TestContext, ModelInfer: Infer): Promise<string> => {
  const { ModelInfer: infer, ModelReady: ready } = protos.inference.GRPCInferenceService.service;
  const { port, ...server } = await startRpcServer({
    host: '127.0.0.1',
    port: 0,
    limits: defaultLimits,
    drainMs: 0,
    addServices: (rpc) =>
      rpc.addService({ ModelInfer: infer, ModelReady: ready } as never, {
        ModelInfer,
        ModelReady: ({ request }: { request: { name: string } }, done: sendUnaryData<{ ready: boolean }>) =>
          done(null, { ready: request.name === 'm' }),
      }),
  });
  t.after(() => server[Symbol.asyncDispose]());
  return `127.0.0.1:${port}`;
};

const request = { model: 'm', version: '', id: '', inputs: [], outputs: [], priority: 0 };
const bounds = (more: { dueAt?: number; signal?: AbortSignal } = {}) => ({
  dueAt: Number.POSITIVE_INFINITY,
  signal: new AbortController().signal,
  trace: undefined,
  ...more,
});
const codeOf = (answered: Promise<unknown>): Promise<string> =>
  answered.then(
    () => 'OK',
    (error: unknown) => (error instanceof SluiceError ? error.code : String(error)),
  );

test('an answer brings its tensors and the version that answered; readiness is asked by name', async (t) => {
  const client = open(t, await serve(t, (_call, done) => done(null, answer)));
  const { version, outputs } = await client.infer(request, bounds());
  assert.equal(version, '3');
  assert.deepEqual(outputs, [{ name: 'y', datatype: 'FP32', shape: [1], data: Buffer.alloc(4, 1) }]);
  assert.equal(await client.modelReady('m', '', bounds()), true);
  assert.equal(await client.modelReady('n', '', bounds()), false);
});

test("without an exporter the caller's trace context is passed on as it is; without a trace nothing is", async (t) => {
  const came: unknown[] = [];
  const address = await serve(t, ({ metadata }, done) => {
    came.push([metadata.get('traceparent'), metadata.get('tracestate')]);
    done(null, answer);
  });
  const client = open(t, address);
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  await client.infer(request, { ...bounds(), trace: { traceparent, tracestate: 'vendor=1' } });
  await client.infer(request, bounds());
  assert.deepEqual(came, [
    [[traceparent], ['vendor=1']],
    [[], []],
  ]);
});

test('the deadline goes along, and ends the call here', async (t) => {
  let deadline: unknown;
  const client = open(t, await serve(t, (call) => (deadline = call.getDeadline())));
  assert.equal(
    // So long that it certainly goes along, on a busy machine too.
    await codeOf(client.infer(request, bounds({ dueAt: performance.now() + 2_000 }))),
    'DEADLINE_EXCEEDED',
  );
  assert.ok(Number.isFinite(Number(deadline)));
  assert.equal(
    await codeOf(client.infer(request, bounds({ dueAt: performance.now() - 1 }))),
    'DEADLINE_EXCEEDED',
  );
});

test("who gives up gets the signal's reason, and the other server hears of it", async (t) => {
  const { promise: cancelled, resolve } = Promise.withResolvers<void>();
  const abort = new AbortController();
  const reason = new SluiceError('CANCELLED', 'the caller went away');
  const address = await serve(t, (call) => {
    call.once('cancelled', () => resolve());
    abort.abort(reason);
  });
  const client = open(t, address);
  await assert.rejects(client.infer(request, bounds({ signal: abort.signal })), reason);
  await cancelled;
  await assert.rejects(client.infer(request, bounds({ signal: abort.signal })), reason);
});

test('an answer larger than the bound is refused, not taken for a full queue', async (t) => {
  const large = { ...answer, rawOutputContents: [Buffer.alloc(100_000)] };
  const client = open(t, await serve(t, (_call, done) => done(null, large)), 50_000);
  assert.equal(await codeOf(client.infer(request, bounds())), 'MESSAGE_TOO_LARGE');
});

test('a server that is not there, or speaks something else, is lost', async (t) => {
  assert.equal(await codeOf(open(t, '127.0.0.1:1').infer(request, bounds())), 'RUNTIME_LOST');
  const web = createServer((_request, response) => response.end('hello')).listen(0, '127.0.0.1');
  t.after(() => web.close());
  await once(web, 'listening');
  const { port } = web.address() as AddressInfo;
  assert.equal(await codeOf(open(t, `127.0.0.1:${port}`).infer(request, bounds())), 'RUNTIME_LOST');
});

test('a call that the other server drops half-way is lost', async (t) => {
  const address = await serve(t, (call) => {
    call.emit('error', Object.assign(new Error('gone'), { code: status.UNAVAILABLE }));
  });
  assert.equal(await codeOf(open(t, address).infer(request, bounds())), 'RUNTIME_LOST');
});
