import type { Tracer } from '@opentelemetry/api';
import { fromUnknown } from '@sluice/kernel/errors/from-unknown';
import type { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { logCause } from '@sluice/kernel/rpc/unary';
import { type CallScope, closeScope } from '@sluice/kernel/telemetry/call-scope';
import type { Log } from '@sluice/kernel/telemetry/log';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { decompress } from './body.ts';
import { compress } from './compress.ts';
import { errorAnswer } from './error-answer.ts';
import type { HttpAnswer } from './http-answer.ts';
import { abortOnClose, httpScope } from './http-scope.ts';
import { checkContentType } from './media.ts';
import type { HttpRequest, Route } from './route.ts';

export interface ServeOptions {
  readonly tracer: Tracer;
  readonly log: Log;
  /** Largest body, compressed or not. */
  readonly maxBytes: number;
  /** Aborted when the process stops: connections are not kept then. */
  readonly draining: AbortSignal;
}

const noBody = Buffer.alloc(0);

const headerOf =
  ({ headers }: FastifyRequest) =>
  (name: string): string => {
    const value = headers[name];
    return (Array.isArray(value) ? value.join(', ') : value) ?? '';
  };

const peerOf = ({ socket }: FastifyRequest): string => `${socket.remoteAddress}:${socket.remotePort}`;

/** Sends an answer, compressed where the caller asked for it. */
export const send = async (
  { draining }: Pick<ServeOptions, 'draining'>,
  request: FastifyRequest,
  reply: FastifyReply,
  given: HttpAnswer,
): Promise<FastifyReply> => {
  const { status, headers, body } = await compress(given, headerOf(request)('accept-encoding'));
  if (draining.aborted) reply.header('connection', 'close');
  return reply.code(status).headers(headers).send(body);
};

const end = (scope: CallScope, { status }: HttpAnswer, error?: SluiceError): void => {
  scope.span.setAttribute('http.response.status_code', status);
  closeScope(scope, error);
};

const answerWithin = async (
  route: Route,
  request: FastifyRequest,
  scope: CallScope,
  maxBytes: number,
): Promise<HttpAnswer> => {
  const header = headerOf(request);
  const received = Buffer.isBuffer(request.body) ? request.body : noBody;
  if (received.length > 0 && route.operation.body !== undefined)
    checkContentType(header('content-type'), route.operation.body.accepts);
  const body = await decompress(received, header('content-encoding'), maxBytes);
  const path = request.params as Record<string, string>;
  const query = request.query as HttpRequest['query'];
  return route.answer({ scope, header, body, path, query });
};

/** A route's handler: scope, body, answer, one funnel for errors. */
export const serve = (options: ServeOptions, route: Route) => {
  const { tracer, log, maxBytes } = options;
  const answerOf = async (request: FastifyRequest, scope: CallScope): Promise<HttpAnswer> => {
    try {
      const answer = await answerWithin(route, request, scope, maxBytes);
      end(scope, answer);
      return answer;
    } catch (thrown) {
      const error = fromUnknown(thrown);
      const answer = errorAnswer(error, request.url);
      logCause(log, error, scope);
      end(scope, answer, error);
      return answer;
    }
  };
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const scope = httpScope(tracer, route, headerOf(request), request.url, peerOf(request));
    abortOnClose(reply.raw, scope);
    return send(options, request, reply, await answerOf(request, scope));
  };
};
