import assert from 'node:assert/strict';
import { connect as connectTcp } from 'node:net';
import { after, before, suite, test } from 'node:test';
import { status } from '@grpc/grpc-js';
import fc from 'fast-check';
import { packages } from '../support/clients.ts';
import { expectAlive, type Fixture, startFixture } from './bad-input/fixture.ts';
import { type RawClient, rawClient } from './bad-input/raw-client.ts';
import { loan, pair, withRawX0 } from './bad-input/requests.ts';
import { bodyOf } from './bad-input/rest-door.ts';
import { wireInfer, wirePredict } from './bad-input/wire.ts';

/** Cases of each property. */
const numRuns = 1000;

const random = fc.uint8Array({ maxLength: 512 });

/** A good message with a few bytes changed, a part cut out, or its end cut off. */
const damaged = (good: Uint8Array): fc.Arbitrary<Uint8Array> => {
  const place = fc.nat(good.byteLength - 1);
  const changed = fc.array(fc.tuple(place, fc.nat(255)), { minLength: 1, maxLength: 4 });
  return fc.oneof(
    changed.map((changes) => {
      const bytes = Uint8Array.from(good);
      for (const [at, value] of changes) bytes[at] = value;
      return bytes;
    }),
    fc.tuple(place, place).map(([a, b]) => Buffer.concat([good.subarray(0, a), good.subarray(b)])),
  );
};

const { ModelInfer, ModelStreamInfer } = packages.inference.GRPCInferenceService.service;
const { Predict, PredictStream } = packages.sluice.v1.PredictionService.service;
const { Exchange } = packages.sluice.runtime.v1.RuntimeService.service;
const goodInfer = pair();
const goodBinary = withRawX0(new Uint8Array(12));
const goodPredict = loan({ tag: 'new', months: 3 });
assert.ok('infer' in goodInfer && 'infer' in goodBinary && 'predict' in goodPredict);
const inferBytes = ModelInfer.requestSerialize(wireInfer(goodBinary.infer, 'one'));
const predictBytes = Predict.requestSerialize(wirePredict(goodPredict.predict, 'one'));
const tensor = { name: 'x1', datatype: 'INT64', shape: [1], data: Buffer.alloc(8) };
const frameBytes = Exchange.requestSerialize({
  entries: [{ id: 1, release: 2, inputs: [tensor] }],
  cancels: [7],
});

const told = new Set<number>([
  status.OK,
  status.INVALID_ARGUMENT,
  status.NOT_FOUND,
  status.UNIMPLEMENTED,
  status.FAILED_PRECONDITION,
  status.UNAVAILABLE,
  status.DEADLINE_EXCEEDED,
]);

suite('garbage against the open doors', () => {
  let fixture: Fixture;
  before(async () => {
    fixture = await startFixture();
  });
  after(() => fixture[Symbol.asyncDispose]());

  /** The answer is JSON, and never a fault of Sluice itself. */
  const post = async (path: string, body: Uint8Array, headers: Readonly<Record<string, string>>) => {
    const url = `${fixture.sluice.gateway.http}${path}`;
    const response = await fetch(url, { method: 'POST', body: Uint8Array.from(body), headers });
    const { code } = (await response.json()) as { readonly code?: string };
    assert.notEqual(response.status, 500, code);
  };

  /** The status is one that a caller can understand. */
  const call = async (client: RawClient, { path }: { readonly path: string }, bytes: Uint8Array) => {
    const { status: ended, details } = await client.unary(path.slice(1), bytes);
    assert.ok(told.has(ended), `${ended}: ${details}`);
  };

  test('JSON of /v2 infer', () => {
    const good = Buffer.from(String(bodyOf(goodInfer).body));
    const property = fc.asyncProperty(fc.oneof(random, damaged(good)), (body) =>
      post('/v2/models/pair/infer', body, { 'content-type': 'application/json' }),
    );
    return fc.assert(property, { numRuns });
  });

  test('binary bodies of /v2 infer', () => {
    const { body: good, headers } = bodyOf(goodBinary);
    assert.ok(good instanceof Uint8Array);
    const own = headers['inference-header-content-length'] ?? '';
    const length = fc.oneof(fc.constant(own), fc.nat(600).map(String), fc.stringMatching(/^[ -~]{1,5}$/));
    const property = fc.asyncProperty(fc.oneof(random, damaged(good)), length, (body, given) =>
      post('/v2/models/pair/infer', body, { ...headers, 'inference-header-content-length': given }),
    );
    return fc.assert(property, { numRuns });
  });

  test('JSON of /v1 predict', () => {
    const good = Buffer.from(String(bodyOf(goodPredict).body));
    const property = fc.asyncProperty(fc.oneof(random, damaged(good)), (body) =>
      post('/v1/models/loan:predict', body, { 'content-type': 'application/json' }),
    );
    return fc.assert(property, { numRuns });
  });

  test('protobuf messages of ModelInfer and Predict', async () => {
    using client = rawClient(fixture.sluice.gateway.grpc);
    for (const [method, good] of [
      [ModelInfer, inferBytes],
      [Predict, predictBytes],
    ] as const) {
      const property = fc.asyncProperty(fc.oneof(random, damaged(good)), (bytes) =>
        call(client, method, bytes),
      );
      await fc.assert(property, { numRuns });
    }
  });

  test('streams of protobuf messages', async () => {
    using client = rawClient(fixture.sluice.gateway.grpc);
    for (const [{ path }, good] of [
      [ModelStreamInfer, inferBytes],
      [PredictStream, predictBytes],
    ] as const) {
      const messages = fc.array(fc.oneof(random, damaged(good)), { maxLength: 10 });
      const property = fc.asyncProperty(messages, async (some) => {
        assert.equal(await client.stream(path.slice(1), some), status.OK);
      });
      await fc.assert(property, { numRuns: numRuns / 5 });
    }
  });

  test('frames of the link, against the runtime', async () => {
    using client = rawClient(String(fixture.sluice.runtimes[0]?.grpc));
    const frame = fc.oneof(random, damaged(frameBytes));
    const property = fc.asyncProperty(frame, async (bytes) => {
      const ended = await client.stream(Exchange.path.slice(1), [bytes]);
      assert.ok([status.OK, status.INTERNAL].includes(ended), String(ended));
    });
    await fc.assert(property, { numRuns: numRuns / 5 });
  });

  test('bytes that are no protocol at all, on every port', async () => {
    const { gateway, runtimes } = fixture.sluice;
    const hosts = [new URL(gateway.http).host, gateway.grpc, String(runtimes[0]?.grpc)];
    const starts = [
      '',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      'POST /v2/models/pair/infer HTTP/1.1\r\nhost: a\r\n',
    ];
    const start = fc.constantFrom(...starts).map((text) => Buffer.from(text));
    const property = fc.asyncProperty(fc.constantFrom(...hosts), start, random, async (host, head, tail) => {
      const [name = '', port] = host.split(':');
      const socket = connectTcp(Number(port), name).on('error', () => undefined);
      // Not by once(), which rejects with the error of a socket that the door has reset.
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.resume().write(Buffer.concat([head, tail]), () => socket.destroySoon());
      await closed;
    });
    await fc.assert(property, { numRuns });
  });

  test('after that the processes live and answer', () => expectAlive(fixture));
});
