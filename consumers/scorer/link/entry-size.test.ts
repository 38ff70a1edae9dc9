import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Features, FeatureValue } from '@sluice/kernel/features/value';
import fc from 'fast-check';
import type { Binding, ScoreRequest } from '../gateway-link.ts';
import { bytesOfBinding, bytesOfEntry } from './entry-size.ts';
import { frameBuilder } from './frame-builder.ts';
import { protos } from './testing/fake-gateway.ts';
import { binding, request } from './testing/open-link.ts';

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary', minLength: 1_020, maxLength: 1_040 }),
);
const { value } = fc.letrec<{ value: FeatureValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.double(),
    text,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text, tie('value'), { maxKeys: 4 }),
  ),
}));
const features = fc.dictionary(text, value, { maxKeys: 8 });

const given = fc.record({
  predictionId: text,
  entityId: text,
  requestId: text,
  features,
  parameters: fc.option(features, { nil: undefined }),
  trace: fc.record({ traceparent: text, tracestate: text }),
});

/** What a frame with this one event takes, with all that it declares. */
const frameBytes = (asked: ScoreRequest, bound: Binding): number => {
  const build = frameBuilder({
    isWanted: () => true,
    onUnwritable: (_, error) => assert.fail(error.message),
  });
  const asker = { scored: () => undefined, failed: () => undefined };
  const dueAt = performance.now() + asked.deadlineMs;
  const id = 0xffff_ffff;
  const task = {
    request: asked,
    binding: bound,
    owner: {},
    bytes: 0,
    dueAt,
    asker,
    id,
  };
  return protos.sluice.gateway.v1.ExchangeRequest.serialize(build([{ task }])).length;
};

test('an event takes no more in a frame than its size says', () => {
  fc.assert(
    fc.property(given, text, (more, stream) => {
      const asked = request(more);
      const bound = { ...binding, stream, model: stream, version: stream, priority: 0xffff_ffff };
      assert.ok(frameBytes(asked, bound) <= bytesOfEntry(asked) + bytesOfBinding(bound));
    }),
    { numRuns: 100 },
  );
});

const nested = (depth: number, wrap: (inner: FeatureValue) => FeatureValue): Features => {
  let inner: FeatureValue = 1;
  for (let level = 0; level < depth; level += 1) inner = wrap(inner);
  return { a: inner };
};

for (const [what, wrap] of [
  ['lists', (inner: FeatureValue) => [inner]],
  ['objects', (inner: FeatureValue) => ({ b: inner })],
] as const) {
  test(`${what} are written as deep as they are allowed, and refused from there`, () => {
    const deepest = request({ features: nested(32, wrap) });
    assert.ok(frameBytes(deepest, binding) <= bytesOfEntry(deepest) + bytesOfBinding(binding));
    assert.throws(() => bytesOfEntry(request({ features: nested(33, wrap) })), { code: 'INVALID_INPUT' });
  });
}
