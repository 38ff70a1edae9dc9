import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadProtos } from '@sluice/protos/load';
import fc from 'fast-check';
import { toStruct } from '../features/struct.ts';
import { gatewayExchange } from './gateway-exchange.ts';

const packages = loadProtos();
const { Exchange: plain } = packages.sluice.gateway.v1.GatewayService.service;
const { Exchange } = gatewayExchange(packages);

const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ minLength: 60, maxLength: 200 }));
const uint32 = fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 0xffff_ffff }));
const bytes = fc.uint8Array({ maxLength: 200 }).map((each) => Buffer.from(each));
const struct = fc.option(fc.dictionary(text, fc.oneof(text, fc.double(), fc.boolean())).map(toStruct));
const row = fc.record({
  layout: uint32,
  numbers: fc.array(fc.double(), { maxLength: 40 }),
  texts: fc.array(text, { maxLength: 5 }),
  flags: fc.array(fc.boolean(), { maxLength: 5 }),
  others: struct,
});
const layouts = fc.array(fc.record({ id: uint32, numbers: fc.array(text) }), { maxLength: 2 });

const entry = fc.record({
  id: uint32,
  binding: uint32,
  features: fc.option(row),
  remainingUs: uint32,
  predictionId: text,
  entityId: text,
  requestId: text,
  traceparent: text,
  tracestate: text,
  parameters: struct,
  isLast: fc.boolean(),
});
const request = fc.record({
  layouts,
  bindings: fc.array(fc.record({ id: uint32, stream: text, replay: fc.boolean() }), { maxLength: 2 }),
  entries: fc.array(entry, { maxLength: 8 }),
  cancels: fc.array(uint32, { maxLength: 3 }),
});

const beside = {
  id: uint32,
  release: uint32,
  timings: fc.option(fc.record({ queueMs: fc.double(), computeMs: fc.double(), totalMs: fc.double() })),
  warnings: fc.array(text, { maxLength: 2 }),
  traceparent: text,
  record: fc.option(
    fc.record({
      key: bytes,
      value: bytes,
      headers: fc.array(fc.record({ name: text, value: bytes }), { maxLength: 3 }),
    }),
  ),
};
const violation = fc.record({ path: text, rule: text, message: text, allowed: fc.array(text) });
const answer = fc.oneof(
  fc.record({ ...beside, outputs: row }),
  fc.record({ ...beside, refusal: fc.record({ code: text, message: text }) }),
  fc.record({
    ...beside,
    failure: fc.record({
      code: text,
      message: text,
      violations: fc.array(violation, { maxLength: 2 }),
      retryAfterMs: fc.double(),
    }),
  }),
);
const response = fc.record({ layouts, answers: fc.array(answer, { maxLength: 8 }) });

test('what a scorer sends is read as protobufjs does', () => {
  fc.assert(
    fc.property(request, (frame) => {
      const sent = plain.requestSerialize(frame);
      assert.deepEqual(Exchange.requestDeserialize(sent), plain.requestDeserialize(sent));
    }),
  );
});

test('what a scorer is answered is written as protobufjs reads it, and read as protobufjs does', () => {
  fc.assert(
    fc.property(response, (frame) => {
      const expected = plain.responseDeserialize(plain.responseSerialize(frame));
      assert.deepEqual(plain.responseDeserialize(Exchange.responseSerialize(frame)), expected);
      assert.deepEqual(Exchange.responseDeserialize(plain.responseSerialize(frame)), expected);
    }),
  );
});

test('a frame that ends too soon is refused', () => {
  const frame = plain.requestSerialize({ entries: [{ id: 7, features: { numbers: [1, 2] } }] });
  for (let length = 1; length < frame.length; length += 1)
    assert.throws(() => Exchange.requestDeserialize(frame.subarray(0, length)), RangeError);
});
