import type { SpanContext } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';

/** What is left of a span that has ended and is to be sent: its bytes, and what it is sent with. */
export class WrittenSpan implements Pick<ReadableSpan, 'resource' | 'instrumentationScope' | 'spanContext'> {
  readonly resource: ReadableSpan['resource'];
  readonly instrumentationScope: ReadableSpan['instrumentationScope'];
  /** A Span of OTLP. */
  readonly bytes: Uint8Array;
  readonly #context: SpanContext;

  constructor(span: ReadableSpan, bytes: Uint8Array) {
    this.resource = span.resource;
    this.instrumentationScope = span.instrumentationScope;
    this.bytes = bytes;
    this.#context = span.spanContext();
  }

  spanContext(): SpanContext {
    return this.#context;
  }
}
