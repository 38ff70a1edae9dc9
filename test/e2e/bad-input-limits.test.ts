import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { status } from '@grpc/grpc-js';
import { connect, unary } from '../support/clients.ts';
import { expectAlive, type Fixture, startFixture } from './bad-input/fixture.ts';
import { callError, refusalOf } from './bad-input/grpc-refusal.ts';
import { loan, pair } from './bad-input/requests.ts';
import { pathOf, post } from './bad-input/rest-door.ts';
import { wireInfer } from './bad-input/wire.ts';

const maxBytes = 65_536;
const tooMany = maxBytes + 1;
const tooLong = { model: 'pair', inputs: [], outputs: ['y'.repeat(tooMany)] };

/** INT64 zeros: one byte each as typed contents, eight as tensor data. */
const swelling = {
  model: 'long',
  inputs: [{ name: 'x0', datatype: 'INT64', shape: [9000], values: new Array<number>(9000).fill(0) }],
};

suite('messages over the limit', () => {
  let fixture: Fixture;
  before(async () => {
    const limit = { MAX_MESSAGE_BYTES: String(maxBytes) };
    fixture = await startFixture({ env: limit, runtimeEnv: limit });
  });
  after(() => fixture[Symbol.asyncDispose]());

  test('a unary call is refused with what came and what may come', async () => {
    const call = unary((done) => fixture.clients.inference.ModelInfer(wireInfer(tooLong, ''), done));
    const { code, details } = callError(await call.catch((error: unknown) => error));
    assert.equal(code, status.RESOURCE_EXHAUSTED);
    assert.match(details, /larger than max \(\d{5} vs 65536\)/);
  });

  test('a stream ends with the same status', async () => {
    const stream = fixture.clients.inference.ModelStreamInfer();
    stream.on('data', () => undefined);
    stream.on('error', () => undefined);
    const ended = new Promise<number>((resolve) => stream.on('status', ({ code }) => resolve(code)));
    stream.write(wireInfer(tooLong, ''));
    assert.equal(await ended, status.RESOURCE_EXHAUSTED);
  });

  test('a compressed message counts as what it becomes', async () => {
    using clients = connect(fixture.sluice.gateway.grpc, { 'grpc.default_compression_algorithm': 2 });
    const call = unary((done) => clients.inference.ModelInfer(wireInfer(tooLong, ''), done));
    const { code } = callError(await call.catch((error: unknown) => error));
    assert.equal(code, status.RESOURCE_EXHAUSTED);
  });

  const text = JSON.stringify({ inputs: [], id: 'x'.repeat(tooMany) });
  const bodies = [
    { name: 'a body', sent: { body: text, headers: { 'content-type': 'application/json' } } },
    {
      name: 'a compressed body',
      sent: {
        body: new Uint8Array(gzipSync(text)),
        headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      },
    },
  ];
  for (const { name, sent } of bodies) {
    for (const request of [pair(), loan()]) {
      const path = pathOf(request);
      test(`${name} over the limit is refused by ${path}`, async () => {
        const outcome = await post(fixture.sluice.gateway.http, path, sent);
        assert.ok('refused' in outcome);
        const { code, status: number, message } = outcome.refused;
        assert.deepEqual([code, number], ['MESSAGE_TOO_LARGE', 413]);
        assert.match(message, /larger than 65536 bytes/);
      });
    }
  }

  test('a message that swells beyond the limit when it is decoded harms nobody else', async () => {
    const call = unary((done) => fixture.clients.inference.ModelInfer(wireInfer(swelling, ''), done));
    const { code, message } = refusalOf(await call.catch((error: unknown) => error));
    assert.equal(code, 'MESSAGE_TOO_LARGE');
    assert.match(
      message,
      /the request takes 72\d{3} bytes on its way to the runtime, which receives at most 65536/,
    );
    await expectAlive(fixture);
  });

  test('after that the processes live and answer', () => expectAlive(fixture));
});
