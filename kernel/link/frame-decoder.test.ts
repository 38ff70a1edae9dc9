import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadProtos } from '@sluice/protos/load';
import fc from 'fast-check';

const { ExchangeRequest, ExchangeResponse } = loadProtos().sluice.runtime.v1;

const tensor = { name: 'x', datatype: 'FP32', shape: [1, 2], data: Buffer.alloc(8, 7) };
const request = ExchangeRequest.serialize({
  entries: [
    { id: 1, release: 2, remainingUs: 3, traceparent: '00-ab-cd-01', inputs: [tensor], outputs: ['y'] },
  ],
  cancels: [4, 5],
});
const response = ExchangeResponse.serialize({
  answers: [
    { id: 1, success: { outputs: [tensor], queueUs: 1, batchSize: 2 } },
    { id: 2, failure: { code: 'INTERNAL', message: 'no' } },
  ],
  announcement: { ready: true, releases: [{ handle: 1, model: 'm', state: 'HELD_STATE_READY' }] },
});

const decoders = [
  ['request', ExchangeRequest.deserialize, request],
  ['response', ExchangeResponse.deserialize, response],
] as const;

/** Cases of each kind; together 10^5. */
const cases = 25_000;

/** Bytes of a good frame with some of them changed: that gets deeper than noise. */
const damaged = (good: Buffer) =>
  fc
    .tuple(
      fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 4 }),
      fc.nat(good.length),
      fc.uint8Array({ maxLength: 8 }),
    )
    .map(([changes, cut, tail]) => {
      const bytes = Buffer.from(good);
      for (const [at, value] of changes) bytes[at] = value;
      return Buffer.concat([bytes.subarray(0, cut), tail]);
    });

for (const [name, decode, good] of decoders) {
  const assertSound = (bytes: Uint8Array): void => {
    try {
      assert.equal(typeof decode(Buffer.from(bytes)), 'object');
    } catch (error) {
      assert.ok(error instanceof Error && error.name !== 'AssertionError');
    }
  };

  test(`random bytes for a ${name} frame give a frame or an error`, () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), assertSound), { numRuns: cases });
  });

  test(`a damaged ${name} frame gives a frame or an error`, () => {
    fc.assert(fc.property(damaged(good), assertSound), { numRuns: cases });
  });
}

test('a frame that says it is far longer than it is does not take memory for it', () => {
  const before = process.memoryUsage().arrayBuffers;
  for (let run = 0; run < 100; run += 1)
    assert.throws(() => ExchangeRequest.deserialize(Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x07])));
  assert.ok(process.memoryUsage().arrayBuffers - before < 10_000_000);
});
