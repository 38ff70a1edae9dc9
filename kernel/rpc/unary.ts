import type { handleUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import type { Tracer } from '@opentelemetry/api';
import { fromUnknown } from '../errors/from-unknown.ts';
import type { SluiceError } from '../errors/sluice-error.ts';
import { type CallScope, closeScope } from '../telemetry/call-scope.ts';
import type { Log } from '../telemetry/log.ts';
import { abortOnCancel, scopesOf } from './grpc-scope.ts';
import type { ToServiceError } from './status.ts';
import { readable } from './unreadable.ts';

export interface RpcEnvironment {
  readonly tracer: Tracer;
  readonly log: Log;
  readonly toServiceError: ToServiceError;
}

/** Logs the cause of an error that callers are not told. */
export const logCause = (log: Log, error: SluiceError, scope: CallScope): void => {
  if (error.code !== 'INTERNAL') return;
  const { correlationId } = error;
  log.error(
    { err: error.cause, correlation_id: correlationId, trace_id: scope.spanContext.traceId },
    'internal error',
  );
};

type AnyCall = Parameters<typeof abortOnCancel>[0] & Parameters<typeof scopesOf>[1];

/** Answers a call once: its scope, the answer, one funnel for errors. */
export const answerOnce = <Out>(
  { tracer, log, toServiceError }: RpcEnvironment,
  method: string,
  { call, callback }: { readonly call: AnyCall; readonly callback: sendUnaryData<Out> },
  answer: (scope: CallScope) => Promise<Out> | Out,
): void => {
  const scope = scopesOf(tracer, call, method)();
  let underWay = true;
  abortOnCancel(call, () => (underWay ? [scope] : []));
  Promise.try(() => answer(scope)).then(
    (message) => {
      underWay = false;
      closeScope(scope);
      callback(null, message);
    },
    (thrown: unknown) => {
      underWay = false;
      const error = fromUnknown(thrown);
      logCause(log, error, scope);
      closeScope(scope, error);
      callback(toServiceError(error));
    },
  );
};

/** A unary handler. */
export const unary =
  <In, Out>(
    environment: RpcEnvironment,
    method: string,
    answer: (message: In, scope: CallScope) => Promise<Out> | Out,
  ): handleUnaryCall<In, Out> =>
  (call, callback) =>
    answerOnce(environment, method, { call, callback }, (scope) => answer(readable(call.request), scope));
