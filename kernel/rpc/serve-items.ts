import type { ServerDuplexStream } from '@grpc/grpc-js';
import { TransientMap } from '../collections/transient-map.ts';
import { fromUnknown } from '../errors/from-unknown.ts';
import { SluiceError } from '../errors/sluice-error.ts';
import { type CallScope, closeScope } from '../telemetry/call-scope.ts';
import { answerStream } from './answer-stream.ts';
import { abortOnCancel, scopesOf } from './grpc-scope.ts';
import { logCause, type RpcEnvironment } from './unary.ts';
import { readable } from './unreadable.ts';

export interface StreamEnvironment extends RpcEnvironment {
  /** Items of one stream that are read and not yet answered. */
  readonly maxInFlightPerStream: number;
  /** Where streams stand while they are open, for whoever wants to count them. */
  readonly openStreams?: Set<object>;
  /** Aborted when the process stops. */
  readonly draining: AbortSignal;
}

export interface ItemOptions<In, Out> {
  readonly method: string;
  readonly order: 'request' | 'completion';
  readonly answer: (item: In, scope: CallScope) => Promise<Out>;
  /** The answer that tells of an item's error; what it throws ends the stream. */
  readonly failed: (error: SluiceError, item: In) => Out;
}

const stopped = (): SluiceError =>
  new SluiceError('DRAINING', 'the server is stopping; open the stream again', { retryAfterMs: 1_000 });

/** Serves a stream whose items are requests of their own: each has its scope, its span and its error. */
export const serveItems = <In, Out>(
  environment: StreamEnvironment,
  call: ServerDuplexStream<In, Out>,
  { method, order, answer, failed }: ItemOptions<In, Out>,
): void => {
  const {
    tracer,
    log,
    toServiceError,
    maxInFlightPerStream: maxInFlight,
    draining,
    openStreams,
  } = environment;
  const underWay = new TransientMap<number, CallScope>();
  let lastItem = 0;
  abortOnCancel(call, () => underWay.values());
  openStreams?.add(call);
  call.once('cancelled', () => openStreams?.delete(call));
  let holds = 0;
  const flow = {
    hold: () => {
      holds += 1;
    },
    release: () => {
      holds -= 1;
    },
  };
  const openScope = scopesOf(tracer, call, method, flow);
  const answerItem = async (item: In): Promise<Out> => {
    const scope = openScope();
    lastItem += 1;
    const number = lastItem;
    underWay.set(number, scope);
    try {
      const out = await answer(readable(item), scope);
      closeScope(scope);
      return out;
    } catch (thrown) {
      const error = fromUnknown(thrown);
      logCause(log, error, scope);
      closeScope(scope, error);
      return failed(error, item);
    } finally {
      underWay.delete(number);
    }
  };
  answerStream(call, {
    answer: answerItem,
    order,
    maxInFlight,
    isHeld: () => holds > 0,
    draining,
    stopped: () => toServiceError(stopped()),
  });
};
