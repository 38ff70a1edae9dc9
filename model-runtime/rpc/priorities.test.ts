import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { type TestContext, test } from 'node:test';
import { trace } from '@opentelemetry/api';
import { openScope } from '@sluice/kernel/telemetry/call-scope';
import type { Tensor } from '@sluice/kernel/tensor/tensor';
import { identityModel } from '@sluice/kernel/testing/onnx-model';
import { temporaryStore } from '@sluice/kernel/testing/temporary-store';
import type { Answer } from '@sluice/protos/gen/sluice/runtime/v1/Answer';
import type { ExchangeResponse } from '@sluice/protos/gen/sluice/runtime/v1/ExchangeResponse';
import { plainBackend } from '../plain/backend.ts';
import { startHolder } from '../testing/start-holder.ts';
import { linkService } from './link-service.ts';

/** As callers write them: 0 is the default. */
const asked = [101, 0, 99, 1];
const served = [1, 99, 0, 101];
const trace0 = { traceparent: '', tracestate: '' };

/** No two of them have the same shape, so that they are not computed together. */
const inputOf = (index: number): Tensor => ({
  name: 'x0',
  datatype: 'FP32',
  shape: [1, index + 1],
  data: new Uint8Array(4 * (index + 1)),
});

const holding = async (t: TestContext) => {
  const { store, put } = await temporaryStore(t);
  await put('m/1/model.onnx', identityModel([{ datatype: 'FP32', shape: ['N', 'M'] }]));
  const { holder } = startHolder(t, store);
  await holder.loadAll([]);
  return holder;
};

/** The runtime's end of a link. */
class FakeStream extends EventEmitter {
  readonly answers: Answer[] = [];
  readonly #wanted: number;

  constructor(wanted: number) {
    super();
    this.#wanted = wanted;
  }

  write({ answers = [] }: ExchangeResponse): boolean {
    this.answers.push(...answers);
    if (this.answers.length === this.#wanted) this.emit('answered');
    return true;
  }
}

test('requests of the link are computed by priority, where 0 stands for 100', async (t) => {
  const holder = await holding(t);
  const stream = new FakeStream(asked.length);
  const answered = new Promise((resolve) => stream.once('answered', resolve));
  linkService({
    holder,
    cells: () => [],
    maxFrameBytes: 1_000_000,
    draining: new AbortController().signal,
    refresh: () => undefined,
  }).Exchange(stream as never);
  const entries = asked.map((priority, index) => {
    const usual = { ...trace0, release: 1, remainingUs: 0, outputs: [] };
    return { ...usual, id: index + 1, priority, inputs: [inputOf(index)] };
  });
  stream.emit('data', { entries, cancels: [], loads: [], refresh: false });
  await answered;
  assert.deepEqual(
    stream.answers.map(({ id = 0 }) => asked[id - 1]),
    served,
  );
});

test('requests of the plain door are computed by priority, where 0 stands for 100', async (t) => {
  const backend = plainBackend(await holding(t));
  const order: number[] = [];
  const scope = () =>
    openScope({
      tracer: trace.getTracer('test'),
      door: 'grpc',
      peer: '127.0.0.1:1',
      method: 'test',
      deadlineAt: Number.POSITIVE_INFINITY,
      trace: trace0,
      entityId: undefined,
      attributes: {},
    });
  await Promise.all(
    asked.map(async (priority, index) => {
      const parameters = { priority, timeoutUs: undefined, entityId: undefined };
      const usual = { model: 'm', version: '', id: '', outputs: [], parameters };
      await backend.infer({ ...usual, inputs: [inputOf(index)] }, scope());
      order.push(priority);
    }),
  );
  assert.deepEqual(order, served);
});
