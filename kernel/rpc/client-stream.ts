import type { handleClientStreamingCall } from '@grpc/grpc-js';
import { fromUnknown } from '../errors/from-unknown.ts';
import { type CallScope, closeScope } from '../telemetry/call-scope.ts';
import { abortOnCancel, scopesOf } from './grpc-scope.ts';
import { logCause, type RpcEnvironment } from './unary.ts';
import { readable } from './unreadable.ts';

async function* readableOf<In>(messages: AsyncIterable<In>): AsyncGenerator<In> {
  for await (const message of messages) yield readable(message);
}

/** What a stream of messages comes with. */
export interface StreamedCall<In> {
  /** One after the other, each read when it is asked for. */
  readonly messages: AsyncIterable<In>;
  /** A text of the call's metadata; empty: it did not come. */
  readonly header: (name: string) => string;
  readonly scope: CallScope;
}

/** A handler of a stream that is answered once: scope, answer, one funnel for errors. */
export const clientStream = <In, Out>(
  { tracer, log, toServiceError }: RpcEnvironment,
  method: string,
  answer: (call: StreamedCall<In>) => Promise<Out>,
): handleClientStreamingCall<In, Out> => {
  return (call, callback) => {
    const scope = scopesOf(tracer, call, method)();
    let underWay = true;
    abortOnCancel(call, () => (underWay ? [scope] : []));
    // Told to whoever reads; nobody may be reading.
    call.on('error', () => undefined);
    const header = (name: string): string => String(call.metadata.get(name)[0] ?? '');
    Promise.try(() => answer({ messages: readableOf(call), header, scope })).then(
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
};
