import { performance } from 'node:perf_hooks';
import {
  INVALID_TRACEID,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type Tracer,
} from '@opentelemetry/api';
import type { SluiceError } from '../errors/sluice-error.ts';
import { contextOf, freshSpanContext, isSampled, type TraceText, textOf } from './trace-context.ts';

/** Why nothing more is read: an item waits for its turn, or the bytes that inputs may take are used up. */
export type HoldReason = 'turn' | 'bytes';

/** What an item can do to the stream that it came over. */
export interface StreamFlow {
  /** While it is held nothing more is read; to be released as often, for the same reason. */
  readonly hold: (why: HoldReason) => void;
  readonly release: (why: HoldReason) => void;
}

/** What a door knows of one request besides its message. */
export interface CallScope {
  readonly door: 'grpc' | 'grpc-stream' | 'rest' | 'stream';
  /** The other end of the connection, `address:port`. */
  readonly peer: string;
  /** undefined: the request is no item of a stream. */
  readonly stream: StreamFlow | undefined;
  /** `inference.GRPCInferenceService/ModelInfer`, `POST /v2/models/{model}/infer`. */
  readonly method: string;
  /** When the request arrived, in milliseconds of performance.now(). */
  readonly arrivedAt: number;
  /** The caller's deadline in the same clock; Infinity: none. */
  readonly deadlineAt: number;
  /** Aborted with a SluiceError when nobody waits for the answer any more. */
  readonly abort: AbortController;
  readonly span: Span;
  /** The span's, or one of its own, so that logs and replies always have a trace id. */
  readonly spanContext: SpanContext;
  /** For another server: empty where there is no trace that it could belong to. */
  readonly trace: TraceText;
  /** For a runtime, which has nothing to do with a trace that nobody will see: empty unless it is sampled. */
  readonly sampledTrace: TraceText;
  /** From a header; the parameter of the request wins over it. */
  readonly entityId: string | undefined;
  /** `sluice-synthetic` as it came: whether this is no request of a user; empty: it is one. */
  readonly synthetic: string;
}

export interface ScopeOptions {
  readonly tracer: Tracer;
  readonly door: CallScope['door'];
  readonly peer: string;
  readonly stream?: StreamFlow;
  readonly method: string;
  readonly deadlineAt: number;
  readonly trace: TraceText;
  readonly entityId: string | undefined;
  readonly synthetic?: string;
  readonly attributes: Readonly<Record<string, string | number>>;
}

const untraced: TraceText = { traceparent: '', tracestate: '' };

/** A span has a valid context or, without an exporter and a caller's trace, the one that says that there is none. */
const isTraced = ({ traceId }: SpanContext): boolean => traceId !== INVALID_TRACEID;

/** A class, since getters that each object has as its own are made anew for each. */
class Scope implements CallScope {
  readonly door: CallScope['door'];
  readonly peer: string;
  readonly stream: StreamFlow | undefined;
  readonly method: string;
  readonly arrivedAt = performance.now();
  readonly deadlineAt: number;
  readonly abort = new AbortController();
  readonly span: Span;
  readonly sampledTrace: TraceText;
  readonly entityId: string | undefined;
  readonly synthetic: string;
  readonly #own: SpanContext | undefined;
  #fresh: SpanContext | undefined;

  constructor(
    { door, peer, stream, method, deadlineAt, entityId, synthetic = '' }: ScopeOptions,
    span: Span,
  ) {
    this.door = door;
    this.peer = peer;
    this.stream = stream;
    this.method = method;
    this.deadlineAt = deadlineAt;
    this.span = span;
    this.entityId = entityId;
    this.synthetic = synthetic;
    const own = span.spanContext();
    this.#own = isTraced(own) ? own : undefined;
    this.sampledTrace = isSampled(own) ? textOf(own) : untraced;
  }

  get spanContext(): SpanContext {
    if (this.#own !== undefined) return this.#own;
    // Not sooner: random ids cost more than the rest of a scope.
    this.#fresh ??= freshSpanContext();
    return this.#fresh;
  }

  get trace(): TraceText {
    return this.#own === undefined ? untraced : textOf(this.#own);
  }
}

/**
 * Opens the SERVER span of a request, a child of the caller's. Without an exporter the caller's
 * context is passed on.
 */
export const openScope = (options: ScopeOptions): CallScope => {
  const { tracer, method, attributes } = options;
  const span = tracer.startSpan(method, { kind: SpanKind.SERVER }, contextOf(options.trace));
  // Not sooner: most spans are not recorded, and attributes are copied one by one.
  if (span.isRecording()) span.setAttributes(attributes);
  return new Scope(options, span);
};

/** The first HTTP status of a fault that is not the caller's. */
const serverFault = 500;

/** Ends the span. What was the caller's fault is told in attributes, but is no error of the server. */
export const closeScope = ({ span, door }: CallScope, error?: SluiceError): void => {
  if (span.isRecording()) {
    if (door !== 'rest') span.setAttribute('rpc.response.status_code', error?.meaning.grpc ?? 'OK');
    if (error !== undefined) {
      span.setAttributes({ 'error.type': error.code, 'error.message': error.message });
      if (error.meaning.http >= serverFault)
        span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
    }
  }
  span.end();
};
