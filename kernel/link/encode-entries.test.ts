import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExchangeRequest__Output } from '@sluice/protos/gen/sluice/gateway/v1/ExchangeRequest';
import { loadProtos } from '@sluice/protos/load';
import fc from 'fast-check';
import { toStruct } from '../features/struct.ts';
import { encodeEntries } from './encode-entries.ts';

const { google, sluice } = loadProtos();
const { requestSerialize, requestDeserialize } = sluice.gateway.v1.GatewayService.service.Exchange;

const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ minLength: 60, maxLength: 200 }));
const uint32 = fc.nat({ max: 0xffff_ffff });
const struct = fc.option(fc.dictionary(fc.string(), fc.oneof(text, fc.double(), fc.boolean())).map(toStruct));
const entry = fc.record({
  id: uint32,
  binding: uint32,
  features: fc.option(
    fc.record({
      layout: uint32,
      numbers: fc.array(fc.double(), { maxLength: 40 }),
      texts: fc.array(text, { maxLength: 5 }),
      flags: fc.array(fc.boolean(), { maxLength: 5 }),
      others: struct,
    }),
  ),
  remainingUs: uint32,
  predictionId: text,
  entityId: text,
  requestId: text,
  traceparent: text,
  tracestate: text,
  parameters: struct,
  isLast: fc.boolean(),
});

test('entries are read as those that protobufjs writes', () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 20 }), (entries) => {
      const read = requestDeserialize(encodeEntries(entries, google.protobuf.Struct.serialize));
      const filled = entries.map(({ features, ...rest }) => ({ ...rest, features: features ?? {} }));
      const expected = requestDeserialize(requestSerialize({ entries: filled }));
      assert.deepEqual(
        (read as ExchangeRequest__Output).entries,
        (expected as ExchangeRequest__Output).entries,
      );
    }),
  );
});
