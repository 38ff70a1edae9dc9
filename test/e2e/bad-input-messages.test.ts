import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { status } from '@grpc/grpc-js';
import { unary } from '../support/clients.ts';
import { expectAlive, type Fixture, startFixture } from './bad-input/fixture.ts';
import { refusalOf } from './bad-input/grpc-refusal.ts';
import { rawClient } from './bad-input/raw-client.ts';
import { throughStream } from './bad-input/stream-door.ts';

const infer = 'inference.GRPCInferenceService/ModelInfer';
const inferStream = 'inference.GRPCInferenceService/ModelStreamInfer';
const predict = 'sluice.v1.PredictionService/Predict';
const predictStream = 'sluice.v1.PredictionService/PredictStream';

/** A field of wire type 7, which protobuf does not have. (What is only cut short protobufjs reads as far as it goes.) */
const unreadable = Uint8Array.of(0x0f);

/** google.protobuf.Value: a list in a list in a list …. */
const nestedValue = (depth: number): Buffer => {
  let value = Buffer.of();
  for (let level = 0; level < depth; level += 1) {
    const list = Buffer.concat([Buffer.of(0x0a), varint(value.byteLength), value]);
    value = Buffer.concat([Buffer.of(0x32), varint(list.byteLength), list]);
  }
  return value;
};

const varint = (number: number): Buffer => {
  const bytes: number[] = [];
  for (let rest = number; ; rest >>>= 7) {
    if (rest < 0x80) return Buffer.from([...bytes, rest]);
    bytes.push((rest & 0x7f) | 0x80);
  }
};

const field = (tag: number, value: Buffer): Buffer =>
  Buffer.concat([Buffer.of((tag << 3) | 2), varint(value.byteLength), value]);

suite('gRPC messages that cannot be read', () => {
  let fixture: Fixture;
  before(async () => {
    fixture = await startFixture();
  });
  after(() => fixture[Symbol.asyncDispose]());

  test('an empty ModelInferRequest has no model name', async () => {
    const call = unary((done) => fixture.clients.inference.ModelInfer({}, done));
    const { code, status: number, message } = refusalOf(await call.catch((error: unknown) => error));
    assert.deepEqual([code, number, message], ['MALFORMED_REQUEST', 3, 'model_name is empty']);
  });

  test('an empty PredictRequest has no model name', async () => {
    const call = unary((done) => fixture.clients.prediction.Predict({}, done));
    const { code, status: number, message } = refusalOf(await call.catch((error: unknown) => error));
    assert.deepEqual([code, number, message], ['MALFORMED_REQUEST', 3, 'model is empty']);
  });

  test('an empty item is answered with its error, and the stream stays open', async () => {
    const [first, second] = await throughStream(fixture.clients.inference.ModelStreamInfer(), [{}, {}]);
    assert.match(String(first?.errorMessage), /^MALFORMED_REQUEST: model_name is empty/);
    assert.match(String(second?.errorMessage), /^MALFORMED_REQUEST: model_name is empty/);
    const [item] = await throughStream(fixture.clients.prediction.PredictStream(), [{}]);
    assert.equal(item?.error?.message, 'predict is missing');
  });

  test('bytes that are no message are refused, and the message says of which method', async () => {
    using client = rawClient(fixture.sluice.gateway.grpc);
    for (const method of [infer, predict]) {
      const answer = await client.unary(method, unreadable);
      assert.equal(answer.status, status.INVALID_ARGUMENT);
      assert.match(answer.details, new RegExp(`the message is not what /${method} takes: .`));
    }
  });

  test('bytes that are no message leave the stream open, wherever they come', async () => {
    using client = rawClient(fixture.sluice.gateway.grpc);
    const good = Buffer.of();
    for (const method of [inferStream, predictStream]) {
      for (const messages of [[unreadable], [unreadable, good], [good, good, unreadable, unreadable, good]])
        assert.equal(await client.stream(method, messages), status.OK);
    }
  });

  test('a feature nested a thousand deep is refused', async () => {
    using client = rawClient(fixture.sluice.gateway.grpc);
    const entry = Buffer.concat([field(1, Buffer.from('income')), field(2, nestedValue(1000))]);
    const message = Buffer.concat([field(1, Buffer.from('loan')), field(4, field(1, entry))]);
    const answer = await client.unary(predict, message);
    assert.ok([status.INTERNAL, status.INVALID_ARGUMENT].includes(answer.status), JSON.stringify(answer));
  });

  test('after that the processes live and answer', () => expectAlive(fixture));
});
