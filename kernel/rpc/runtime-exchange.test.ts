import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadProtos } from '@sluice/protos/load';
import fc from 'fast-check';
import { runtimeExchange } from './runtime-exchange.ts';

const packages = loadProtos();
const { Exchange: plain } = packages.sluice.runtime.v1.RuntimeService.service;
const { Exchange } = runtimeExchange(packages);

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ minLength: 60, maxLength: 200 }),
  fc.constantFrom('x', 'FP32'),
);
const uint32 = fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 0xffff_ffff }));
const tensor = fc.record({
  name: text,
  datatype: text,
  shape: fc.array(uint32, { maxLength: 4 }),
  data: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
});
const failure = fc.record({ code: text, message: text, retryAfterMs: uint32 });

const entry = fc.record({
  id: uint32,
  release: uint32,
  remainingUs: uint32,
  priority: uint32,
  traceparent: text,
  tracestate: text,
  inputs: fc.array(tensor, { maxLength: 3 }),
  outputs: fc.array(text, { maxLength: 3 }),
});
const request = fc.record({
  entries: fc.array(entry, { maxLength: 8 }),
  cancels: fc.array(uint32, { maxLength: 3 }),
  loads: fc.array(fc.record({ id: uint32, model: text, version: text, digest: text }), { maxLength: 2 }),
  refresh: fc.boolean(),
});

const success = fc.record({
  outputs: fc.array(tensor, { maxLength: 3 }),
  queueUs: uint32,
  computeInputUs: uint32,
  computeInferUs: uint32,
  computeOutputUs: uint32,
  batchSize: uint32,
  leadsBatch: fc.boolean(),
});
const answer = fc.oneof(
  fc.record({ id: uint32, success }),
  fc.record({ id: uint32, failure }),
  fc.record({ id: uint32 }),
);
const announcement = fc.option(fc.record({ draining: fc.boolean(), maxFrameBytes: uint32 }));
const response = fc.record({
  answers: fc.array(answer, { maxLength: 8 }),
  loads: fc.array(fc.record({ id: uint32, failure: fc.option(failure) }), { maxLength: 2 }),
  announcement,
});

test('a request is written as protobufjs reads it, and read as protobufjs does', () => {
  fc.assert(
    fc.property(request, (frame) => {
      const expected = plain.requestDeserialize(plain.requestSerialize(frame));
      assert.deepEqual(plain.requestDeserialize(Exchange.requestSerialize(frame)), expected);
      assert.deepEqual(Exchange.requestDeserialize(plain.requestSerialize(frame)), expected);
    }),
  );
});

test('an answer is written as protobufjs reads it, and read as protobufjs does', () => {
  fc.assert(
    fc.property(response, (frame) => {
      const expected = plain.responseDeserialize(plain.responseSerialize(frame));
      assert.deepEqual(plain.responseDeserialize(Exchange.responseSerialize(frame)), expected);
      assert.deepEqual(Exchange.responseDeserialize(plain.responseSerialize(frame)), expected);
    }),
  );
});

test('large tensors are written, too, among small ones', () => {
  const data = Buffer.alloc(1024 * 1024, 7);
  const large = { name: 'x', datatype: 'UINT8', shape: [data.length], data };
  const entries = [{ id: 1 }, { id: 2, inputs: [large] }];
  const answers = [{ id: 1, success: { outputs: [large] } }, { id: 2 }];
  assert.deepEqual(
    Exchange.requestDeserialize(Exchange.requestSerialize({ entries, cancels: [3] })),
    plain.requestDeserialize(plain.requestSerialize({ entries, cancels: [3] })),
  );
  assert.deepEqual(
    Exchange.responseDeserialize(Exchange.responseSerialize({ answers })),
    plain.responseDeserialize(plain.responseSerialize({ answers })),
  );
});

test('bytes that are no frame are refused or read as some frame, and nothing is read beyond them', () => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), request.map(plain.requestSerialize)), fc.nat(), (bytes, cut) => {
      const cutOff = Buffer.from(bytes).subarray(0, cut % (bytes.length + 1));
      try {
        Exchange.requestDeserialize(cutOff);
      } catch (error) {
        assert.ok(error instanceof Error, String(error));
      }
    }),
  );
});

const unusual: readonly [what: string, hex: string][] = [
  ['a list of numbers as one field each', '0a083a04180218030801'],
  ['a field that is not known, of each kind', '0a1a9806019906000000000000000f9d06010203049a0602aabb0807'],
  ['a number of ten bytes', '0a0b08ffffffffffffffffff01'],
];

for (const [what, hex] of unusual) {
  test(`a frame with ${what} is read as protobufjs does`, () => {
    const frame = Buffer.from(hex, 'hex');
    assert.deepEqual(Exchange.requestDeserialize(frame), plain.requestDeserialize(frame));
  });
}

test('a frame that ends within a field, or within a part of another one, is refused', () => {
  const frame = Buffer.from(plain.requestSerialize({ entries: [{ id: 7, traceparent: 'abc' }] }));
  for (let length = 1; length < frame.length; length += 1)
    assert.throws(() => Exchange.requestDeserialize(frame.subarray(0, length)), RangeError);
  assert.throws(() => Exchange.requestDeserialize(Buffer.from('0a022a05' + '6162636465', 'hex')), RangeError);
});
