import { type Context, ROOT_CONTEXT, type SpanContext, TraceFlags } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { randomHex } from './random-hex.ts';

/** W3C trace context as text (www.w3.org/TR/trace-context). */
export interface TraceText {
  readonly traceparent: string;
  readonly tracestate: string;
}

const propagator = new W3CTraceContextPropagator();
const getter = {
  keys: () => ['traceparent', 'tracestate'],
  get: (carrier: TraceText, key: string) =>
    key === 'traceparent' ? carrier.traceparent : carrier.tracestate,
};

/** The context that a text names; the root where it names none. */
export const contextOf = (text: TraceText): Context =>
  text.traceparent === '' ? ROOT_CONTEXT : propagator.extract(ROOT_CONTEXT, text, getter);

/** The text of a span's context. */
export const textOf = ({ traceId, spanId, traceFlags, traceState }: SpanContext): TraceText => ({
  traceparent: `00-${traceId}-${spanId}-${traceFlags & TraceFlags.SAMPLED ? '01' : '00'}`,
  tracestate: traceState?.serialize() ?? '',
});

const newTraceId = randomHex(16);

/**
 * A context of its own, not sampled: without an exporter requests can still be told apart. Its span is
 * nobody's, so that one random number does for both ids.
 */
export const freshSpanContext = (): SpanContext => {
  const traceId = newTraceId();
  return { traceId, spanId: traceId.slice(16), traceFlags: TraceFlags.NONE };
};

export const isSampled = (span: SpanContext): boolean => (span.traceFlags & TraceFlags.SAMPLED) !== 0;
