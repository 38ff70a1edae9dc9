import {
  isSpanContextValid,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type Tracer,
} from '@opentelemetry/api';
import type { SluiceError } from '../errors/sluice-error.ts';
import { contextOf, freshSpanContext, type TraceText } from './trace-context.ts';

/** What a door knows of one request besides its message. */
export interface CallScope {
  readonly door: 'grpc' | 'grpc-stream' | 'rest';
  /** `inference.GRPCInferenceService/ModelInfer`, `POST /v2/models/{model}/infer`. */
  readonly method: string;
  /** When the request arrived, in milliseconds of performance.now(). */
  readonly arrivedAt: number;
  /** The caller's deadline in the same clock; Infinity: none. */
  readonly deadlineAt: number;
  /** Aborted with a SluiceError when nobody waits for the answer any more. */
  readonly abort: AbortController;
  readonly span: Span;
  readonly spanContext: SpanContext;
  /** From a header; the parameter of the request wins over it. */
  readonly entityId: string | undefined;
}

export interface ScopeOptions {
  readonly tracer: Tracer;
  readonly door: CallScope['door'];
  readonly method: string;
  readonly deadlineAt: number;
  readonly trace: TraceText;
  readonly entityId: string | undefined;
  readonly attributes: Readonly<Record<string, string | number>>;
}

/**
 * Opens the SERVER span of a request, a child of the caller's. Without an exporter the caller's
 * context is passed on, or a fresh one made, so that logs and replies always have a trace id.
 */
export const openScope = (options: ScopeOptions): CallScope => {
  const { tracer, door, method, deadlineAt, entityId, attributes } = options;
  const span = tracer.startSpan(method, { kind: SpanKind.SERVER, attributes }, contextOf(options.trace));
  const own = span.spanContext();
  const spanContext = isSpanContextValid(own) ? own : freshSpanContext();
  return {
    door,
    method,
    arrivedAt: performance.now(),
    deadlineAt,
    abort: new AbortController(),
    span,
    spanContext,
    entityId,
  };
};

/** Ends the span, with the error if there was one. */
export const closeScope = ({ span }: CallScope, error?: SluiceError): void => {
  if (error !== undefined && span.isRecording()) {
    span.setAttribute('error.type', error.code);
    span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
  }
  span.end();
};
