import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSpanContextValid, type SpanContext, trace } from '@opentelemetry/api';
import fc from 'fast-check';
import { contextOf, freshSpanContext, isSampled, type TraceText, textOf } from './trace-context.ts';

const spanOf = (text: TraceText): SpanContext | undefined => trace.getSpanContext(contextOf(text));

test('a span context survives as text', () => {
  fc.assert(
    fc.property(fc.boolean(), (sampled) => {
      const span: SpanContext = { ...freshSpanContext(), traceFlags: Number(sampled) };
      const came = spanOf(textOf(span));
      assert.deepEqual(
        [came?.traceId, came?.spanId, came?.traceFlags],
        [span.traceId, span.spanId, Number(sampled)],
      );
      assert.equal(came?.isRemote, true);
    }),
  );
});

test('the text of a caller comes out as it came, with its state', () => {
  const text = {
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    tracestate: 'vendor=a,other=b',
  };
  const span = spanOf(text);
  assert.ok(span !== undefined && isSampled(span));
  assert.deepEqual(textOf(span), text);
});

const none: readonly string[] = [
  '',
  'nonsense',
  '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331',
  '00-00000000000000000000000000000000-b7ad6b7169203331-01',
  '00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01',
  'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  '00-0AF7651916CD43DD8448EB211C80319C-B7AD6B7169203331-01',
];

for (const traceparent of none) {
  test(`a text that names no span leads to the root: '${traceparent}'`, () => {
    assert.equal(spanOf({ traceparent, tracestate: '' }), undefined);
  });
}

test('any text is read without a fault', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (traceparent, tracestate) => {
      contextOf({ traceparent, tracestate });
    }),
  );
});

test('fresh contexts are valid, not sampled, and different', () => {
  const fresh = Array.from({ length: 100 }, freshSpanContext);
  assert.ok(fresh.every((span) => isSpanContextValid(span) && !isSampled(span)));
  assert.equal(new Set(fresh.flatMap(({ traceId, spanId }) => [traceId, spanId])).size, 200);
});
