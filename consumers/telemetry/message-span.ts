import { type Span, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import type { Received } from '@sluice/kernel/event-log/event-log';
import { contextOf, isSampled } from '@sluice/kernel/telemetry/trace-context';
import { headerOf } from '../spool-place.ts';

export interface SpanOptions {
  readonly tracer: Tracer;
  readonly group: string;
  /** `kafka` or `lmdb`: the scheme of the log's URL. */
  readonly system: string;
}

const attributesOf = (message: Received, { group, system }: SpanOptions) => ({
  'messaging.system': system,
  'messaging.operation.name': 'process',
  'messaging.operation.type': 'process',
  'messaging.destination.name': message.topic,
  'messaging.destination.partition.id': String(message.partition),
  'messaging.consumer.group.name': group,
  'messaging.kafka.offset': Number(message.offset),
  ...(message.key === null ? {} : { 'messaging.kafka.message.key': message.key.toString('utf8') }),
});

/** Begins the CONSUMER span of a message, a child of who wrote it; undefined: its trace is not sampled. */
export const startMessageSpan = (message: Received, options: SpanOptions): Span | undefined => {
  const traceparent = headerOf(message, 'traceparent');
  if (traceparent === undefined) return undefined;
  const parent = contextOf({ traceparent, tracestate: headerOf(message, 'tracestate') ?? '' });
  const caller = trace.getSpanContext(parent);
  if (caller === undefined || !isSampled(caller)) return undefined;
  const attributes = attributesOf(message, options);
  return options.tracer.startSpan(
    `process ${message.topic}`,
    { kind: SpanKind.CONSUMER, attributes },
    parent,
  );
};

/** Ends it: with an error when the message was not stored. */
export const endMessageSpan = (
  span: Span | undefined,
  attributes: Readonly<Record<string, string>>,
  error?: { readonly code: string; readonly message: string },
): void => {
  if (span === undefined) return;
  span.setAttributes(attributes);
  if (error !== undefined) {
    span.setAttribute('error.type', error.code);
    span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
  }
  span.end();
};
