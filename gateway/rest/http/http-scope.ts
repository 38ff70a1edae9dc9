import type { ServerResponse } from 'node:http';
import type { Tracer } from '@opentelemetry/api';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { type CallScope, openScope } from '@sluice/kernel/telemetry/call-scope';
import type { Route } from './route.ts';

/** Longest timeout of a timer. */
const maxTimeoutMs = 2 ** 31 - 1;

/**
 * The deadline that `sluice-timeout-ms` sets, in milliseconds of performance.now(); Infinity: none.
 * @throws SluiceError MALFORMED_REQUEST
 */
export const deadlineOf = (timeoutMs: string, now: number): number => {
  if (timeoutMs === '') return Number.POSITIVE_INFINITY;
  if (/^\d+(\.\d+)?$/.test(timeoutMs)) return now + Math.min(Number(timeoutMs), maxTimeoutMs);
  throw new SluiceError(
    'MALFORMED_REQUEST',
    `header sluice-timeout-ms: expected milliseconds, got '${timeoutMs}'`,
  );
};

/** The scope of a request: span by the HTTP conventions (opentelemetry.io/docs/specs/semconv/http). */
export const httpScope = (
  tracer: Tracer,
  { method, path }: Pick<Route, 'method' | 'path'>,
  header: (name: string) => string,
  url: string,
  peer: string,
): CallScope =>
  openScope({
    tracer,
    door: 'rest',
    peer,
    method: `${method} ${path}`,
    deadlineAt: deadlineOf(header('sluice-timeout-ms'), performance.now()),
    trace: { traceparent: header('traceparent'), tracestate: header('tracestate') },
    entityId: header('sluice-entity-id') || undefined,
    synthetic: header('sluice-synthetic'),
    attributes: {
      'http.request.method': method,
      'http.route': path,
      'url.path': url.split('?', 1)[0] ?? url,
      'url.scheme': 'http',
    },
  });

/** Aborts the scope when the caller goes away before the answer is sent. */
export const abortOnClose = (response: ServerResponse, { abort }: CallScope): void => {
  response.once('close', () => {
    if (!response.writableFinished) abort.abort(new SluiceError('CANCELLED', 'the caller went away'));
  });
};
