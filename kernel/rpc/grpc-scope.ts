import type { EventEmitter } from 'node:events';
import type { Metadata, ServerDuplexStream, ServerReadableStream, ServerUnaryCall } from '@grpc/grpc-js';
import type { Tracer } from '@opentelemetry/api';
import { SluiceError } from '../errors/sluice-error.ts';
import { type CallScope, openScope, type ScopeOptions, type StreamFlow } from '../telemetry/call-scope.ts';

type ServerCall =
  | ServerUnaryCall<unknown, unknown>
  | ServerReadableStream<unknown, unknown>
  | ServerDuplexStream<unknown, unknown>;

const first = (metadata: Metadata, name: string): string => String(metadata.get(name)[0] ?? '');

/** grpc-js gives a deadline as a Date, a number, or Infinity for none. */
const deadlineOf = (call: ServerCall): number => {
  const deadline = call.getDeadline();
  const at = deadline instanceof Date ? deadline.getTime() : deadline;
  return Number.isFinite(at) ? performance.now() + (at - Date.now()) : Number.POSITIVE_INFINITY;
};

/** Opens scopes of one call, which have all that its metadata says: the one of a unary call, or each message's of a stream. */
export const scopesOf = (
  tracer: Tracer,
  call: ServerCall,
  method: string,
  stream?: StreamFlow,
): (() => CallScope) => {
  const options: ScopeOptions = {
    tracer,
    door: stream === undefined ? 'grpc' : 'grpc-stream',
    peer: call.getPeer(),
    ...(stream === undefined ? {} : { stream }),
    method,
    deadlineAt: deadlineOf(call),
    trace: {
      traceparent: first(call.metadata, 'traceparent'),
      tracestate: first(call.metadata, 'tracestate'),
    },
    entityId: first(call.metadata, 'sluice-entity-id') || undefined,
    synthetic: first(call.metadata, 'sluice-synthetic'),
    attributes: { 'rpc.system.name': 'grpc', 'rpc.method': method },
  };
  return () => openScope(options);
};

/**
 * Aborts scopes when the caller goes away. grpc-js emits `cancelled` when any call closes, so the
 * scopes are asked for then: those of requests that are still under way.
 */
export const abortOnCancel = (call: EventEmitter, underWay: () => Iterable<CallScope>): void => {
  call.once('cancelled', () => {
    for (const { abort } of underWay()) abort.abort(new SluiceError('CANCELLED', 'the caller went away'));
  });
};
