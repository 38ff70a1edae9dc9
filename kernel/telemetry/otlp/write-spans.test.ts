import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Attributes, createTraceState, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AlwaysOnSampler, type ReadableSpan, TracerProvider } from '@opentelemetry/sdk-trace';
import fc from 'fast-check';
import { ByteWriter } from '../../protobuf/byte-writer.ts';
import { writeSpan } from './write-span.ts';
import { writeSpans } from './write-spans.ts';
import { WrittenSpan } from './written-span.ts';

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const text = fc.oneof(fc.string(), fc.string({ unit: 'grapheme', minLength: 20, maxLength: 200 }));
const number = fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.double({ noNaN: true }));
const value = fc.oneof(
  text,
  number,
  fc.boolean(),
  fc.array(text, { maxLength: 3 }),
  fc.array(number, { maxLength: 3 }),
);
const attributes = fc.dictionary(text, value, { maxKeys: 6 }) as fc.Arbitrary<Attributes>;
const timeMs = fc.double({ min: 1e12, max: 2e12, noNaN: true });
const context = fc
  .record({
    traceId: hex(32),
    spanId: hex(16),
    traceFlags: fc.constantFrom(0, 1),
    isRemote: fc.boolean(),
    state: fc.constantFrom(undefined, 'a=b,c=d'),
  })
  .map(({ state, ...rest }) => ({ ...rest, ...(state && { traceState: createTraceState(state) }) }));
const event = fc.record({ name: text, attributes, at: timeMs });
const link = fc.record({ context, attributes });
const span = fc.record({
  name: text,
  kind: fc.constantFrom(
    SpanKind.INTERNAL,
    SpanKind.SERVER,
    SpanKind.CLIENT,
    SpanKind.PRODUCER,
    SpanKind.CONSUMER,
  ),
  attributes,
  startTime: timeMs,
  parent: fc.option(context),
  events: fc.array(event, { maxLength: 2 }),
  links: fc.array(link, { maxLength: 2 }),
  status: fc.constantFrom(undefined, { code: 1 }, { code: 2, message: 'because' }),
  tracer: fc.constantFrom('sluice', 'other'),
});

/** Spans that the SDK made. */
const made = (
  resource: Attributes,
  wanted: readonly (typeof span extends fc.Arbitrary<infer T> ? T : never)[],
) => {
  const ended: ReadableSpan[] = [];
  const nothing = async (): Promise<void> => undefined;
  const provider = new TracerProvider({
    resource: resourceFromAttributes(resource),
    sampler: new AlwaysOnSampler(),
    spanProcessors: [
      { onStart: () => undefined, onEnd: (one) => ended.push(one), forceFlush: nothing, shutdown: nothing },
    ],
  });
  for (const { name, parent, events, status, tracer, ...options } of wanted) {
    const above = parent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
    const one = provider
      .getTracer(tracer, tracer === 'sluice' ? '1.2.3' : '')
      .startSpan(name, options, above);
    for (const { name: what, attributes: more, at } of events) one.addEvent(what, more, at);
    if (status !== undefined) one.setStatus(status);
    one.end(options.startTime + 5.25);
  }
  return ended;
};

test('spans are written as the SDK writes them, byte for byte', () => {
  const out = new ByteWriter();
  fc.assert(
    fc.property(attributes, fc.array(span, { minLength: 1, maxLength: 4 }), (resource, wanted) => {
      const spans = made(resource, wanted);
      const written = spans.map((one) => {
        out.reset();
        writeSpan(out, one);
        return new WrittenSpan(one, Buffer.from(out.written));
      });
      out.reset();
      writeSpans(out, written);
      assert.equal(
        Buffer.from(out.written).toString('hex'),
        Buffer.from(ProtobufTraceSerializer.serializeRequest(spans) ?? []).toString('hex'),
      );
    }),
  );
});
