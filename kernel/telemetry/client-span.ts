import { isSpanContextValid, SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api';
import type { SluiceError } from '../errors/sluice-error.ts';
import { contextOf, type TraceText, textOf } from './trace-context.ts';

/** The CLIENT span of one call to another server. */
export interface ClientSpan {
  /** What the other server is to take for its parent. */
  readonly trace: TraceText;
  end(error?: SluiceError): void;
}

export interface ClientSpanOptions {
  readonly tracer: Tracer;
  readonly method: string;
  /** host:port */
  readonly address: string;
  readonly parent: TraceText;
}

/** Begins the span of a gRPC call. Without an exporter the parent's context is passed on as it is. */
export const startClientSpan = ({ tracer, method, address, parent }: ClientSpanOptions): ClientSpan => {
  const { hostname, port } = new URL(`grpc://${address}`);
  const attributes = {
    'rpc.system.name': 'grpc',
    'rpc.method': method,
    'server.address': hostname,
    'server.port': Number(port),
  };
  const span = tracer.startSpan(method, { kind: SpanKind.CLIENT, attributes }, contextOf(parent));
  const own = span.spanContext();
  return {
    trace: isSpanContextValid(own) ? textOf(own) : parent,
    end: (error) => {
      span.setAttribute('rpc.response.status_code', error?.meaning.grpc ?? 'OK');
      if (error !== undefined) {
        span.setAttribute('error.type', error.code);
        span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
      }
      span.end();
    },
  };
};
