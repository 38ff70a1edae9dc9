import type { CallScope } from '@sluice/kernel/telemetry/call-scope';
import type { Operation } from '../openapi/operation.ts';
import type { HttpAnswer } from './http-answer.ts';

/** A request whose body was received whole and is no longer compressed. */
export interface HttpRequest {
  readonly scope: CallScope;
  /** Values of the path's parameters. */
  readonly path: Readonly<Record<string, string>>;
  /** The query's parameters by name; a list: it came more than once. */
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  /** A header by its lower-case name; empty: it did not come. */
  readonly header: (name: string) => string;
  readonly body: Buffer;
}

interface RouteBase {
  /** As OpenAPI writes it: `/v1/models/{model}:predict`. */
  readonly path: string;
  readonly operation: Operation;
}

/** One path and method. */
export interface Route extends RouteBase {
  readonly method: 'GET' | 'POST';
  /** May throw a SluiceError. */
  readonly answer: (request: HttpRequest) => Promise<HttpAnswer> | HttpAnswer;
}

/** A path that people and probes look at: without a span, and answered while the gateway drains too. */
export interface Probe extends RouteBase {
  readonly method: 'GET';
  readonly probe: () => HttpAnswer;
}

/** A path as fastify wants it; a parameter before a literal colon ends at the last one: a digest and a time have colons. */
export const fastifyPath = (path: string): string =>
  path
    .replaceAll(':', '::')
    .replaceAll(/\{(\w+)\}(?=::)/g, ':$1(^[^/]+)')
    .replaceAll(/\{(\w+)\}/g, ':$1');
