import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { fromUnknown } from '@sluice/kernel/errors/from-unknown';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import type { TlsFiles } from '../tls.ts';
import { answerClientError } from './client-error.ts';
import { errorAnswer } from './http/error-answer.ts';
import { fromFramework } from './http/framework-error.ts';
import { fastifyPath, type Probe, type Route } from './http/route.ts';
import { type ServeOptions, send, serve } from './http/serve.ts';

/** Longest time for the headers alone. */
const headersMs = 60_000;
/** Looks for what has not come whole, within the time that it may take. */
const looks = 4;
/** An idle connection is kept for the next request so long. */
const keepAliveMs = 75_000;
const maxConnections = 16_384;
/** Longest model or version name that is looked up. */
const maxParameterLength = 256;

const serverOptions = ({ receiveMs }: AppOptions) => ({
  requestTimeout: receiveMs,
  headersTimeout: Math.min(headersMs, receiveMs),
  connectionsCheckingInterval: Math.ceil(receiveMs / looks),
  keepAliveTimeout: keepAliveMs,
});

/** A handshake counts as part of the headers. */
const createHttpServer = (options: AppOptions, handler: RequestListener): Server => {
  const server = serverOptions(options);
  if (options.tls === undefined) return createServer(server, handler);
  return createSecureServer(
    { ...server, ...options.tls, handshakeTimeout: server.headersTimeout, minVersion: 'TLSv1.2' },
    handler,
  );
};

const baseOptions = (options: AppOptions) => ({
  bodyLimit: options.maxBytes,
  serverFactory: (handler: RequestListener) => createHttpServer(options, handler),
  return503OnClosing: false,
  forceCloseConnections: 'idle' as const,
  routerOptions: { maxParamLength: maxParameterLength },
  clientErrorHandler: answerClientError,
});

export interface AppOptions extends ServeOptions {
  /** Longest time that a request's headers and body may take to arrive. */
  readonly receiveMs: number;
  /** undefined: connections are not encrypted. */
  readonly tls?: TlsFiles | undefined;
}

/** Every body comes as a Buffer, whatever its type; what that means is a matter of the route. */
const takeBuffers = (app: FastifyInstance): void => {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
};

const stopped = (): SluiceError =>
  new SluiceError('DRAINING', 'the gateway is stopping and takes nothing new', { retryAfterMs: 1_000 });

/** A server without routes: how bodies are taken, and how what no route sees is answered. */
export const createApp = (options: AppOptions): FastifyInstance => {
  const { maxBytes, log } = options;
  const fail = (thrown: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const error = fromFramework(thrown, maxBytes);
    if (error.code === 'INTERNAL')
      log.error({ err: error.cause, correlation_id: error.correlationId }, 'internal error');
    return send(options, request, reply, errorAnswer(error, request.url));
  };
  const app = fastify({
    ...baseOptions(options),
    frameworkErrors: (error, request, reply) => void fail(error, request, reply),
  });
  app.server.maxConnections = maxConnections;
  takeBuffers(app);
  app.setErrorHandler(fail);
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const message = `there is no ${request.method} ${path}; /openapi.json lists what there is`;
    return fail(new SluiceError('ROUTE_NOT_FOUND', message), request, reply);
  });
  return app;
};

/** Adds a route; while the gateway drains it answers DRAINING. */
export const addRoute = (app: FastifyInstance, options: ServeOptions, route: Route): void => {
  app.route({
    method: route.method,
    url: fastifyPath(route.path),
    onRequest: (_request, _reply, done) => done(options.draining.aborted ? stopped() : undefined),
    handler: serve(options, route),
  });
};

/** Adds a probe, which is always answered. */
export const addProbe = (app: FastifyInstance, options: ServeOptions, { path, probe }: Probe): void => {
  app.get(fastifyPath(path), (request, reply) =>
    Promise.try(probe).then(
      (answer) => send(options, request, reply, answer),
      (thrown: unknown) => send(options, request, reply, errorAnswer(fromUnknown(thrown), path)),
    ),
  );
};
