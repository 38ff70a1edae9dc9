import type { handleClientStreamingCall } from '@grpc/grpc-js';
import type { CallScope } from '../telemetry/call-scope.ts';
import { answerOnce, type RpcEnvironment } from './unary.ts';
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

/** A handler of a stream that is answered once. */
export const clientStream =
  <In, Out>(
    environment: RpcEnvironment,
    method: string,
    answer: (call: StreamedCall<In>) => Promise<Out>,
  ): handleClientStreamingCall<In, Out> =>
  (call, callback) => {
    // Told to whoever reads; nobody may be reading.
    call.on('error', () => undefined);
    const header = (name: string): string => String(call.metadata.get(name)[0] ?? '');
    answerOnce(environment, method, { call, callback }, (scope) =>
      answer({ messages: readableOf(call), header, scope }),
    );
  };
