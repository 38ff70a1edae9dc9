import type { ClientDuplexStream } from '@grpc/grpc-js';
import type { ModelStreamInferResponse__Output } from '@sluice/protos/gen/inference/ModelStreamInferResponse';
import type { PredictStreamResponse__Output } from '@sluice/protos/gen/sluice/v1/PredictStreamResponse';
import type { Clients } from '../../support/clients.ts';
import { checkInfer, checkPredict, inferRequest, predictRequest } from './ask.ts';
import { type Outcome, outcomeOf } from './outcome.ts';

/** Sends items over one stream, opened again by the next item when it has ended. */
export interface StreamSender extends Disposable {
  send(id: number): Promise<Outcome>;
  /** Answers to what was never asked, or was answered already. */
  readonly strays: readonly string[];
  /** How each stream ended that was not ended here. */
  readonly endings: readonly Outcome[];
}

interface StreamKind<In, Out> {
  readonly open: () => ClientDuplexStream<In, Out>;
  readonly item: (id: number) => In;
  readonly read: (message: Out) => { readonly id: string; readonly outcome: (id: number) => Outcome };
}

const streamSender = <In, Out>({ open, item, read }: StreamKind<In, Out>): StreamSender => {
  const strays: string[] = [];
  const endings: Outcome[] = [];
  let current:
    | { readonly stream: ClientDuplexStream<In, Out>; readonly pending: Map<string, Settle> }
    | undefined;
  type Settle = (outcome: (id: number) => Outcome) => void;

  const start = () => {
    const [stream, pending] = [open(), new Map<string, Settle>()];
    const end = (ending: Outcome): void => {
      if (current?.stream === stream) current = undefined;
      endings.push(ending);
      for (const settle of pending.values()) settle(() => ending);
      pending.clear();
    };
    stream.on('data', (message: Out) => {
      const { id, outcome } = read(message);
      const settle = pending.get(id);
      if (settle === undefined) strays.push(id);
      pending.delete(id);
      settle?.(outcome);
    });
    stream.once('error', (error) => end(outcomeOf(error)));
    stream.once('end', () => end({ code: 'ENDED', message: 'the stream ended without an error' }));
    return { stream, pending };
  };
  return {
    strays,
    endings,
    send: (id) =>
      new Promise((resolve) => {
        current ??= start();
        current.pending.set(String(id), (outcome) => resolve(outcome(id)));
        current.stream.write(item(id));
      }),
    [Symbol.dispose]: () => current?.stream.cancel(),
  };
};

const inStream = (code: string, message: string, retryAfterMs: number): Outcome => ({
  code,
  message,
  retryAfterMs,
});

export const predictStreamSender = ({ prediction }: Clients): StreamSender =>
  streamSender({
    open: () => prediction.PredictStream(),
    item: (id) => ({ predict: predictRequest(id) }),
    read: ({ response, error }: PredictStreamResponse__Output) =>
      response !== null && response !== undefined
        ? { id: response.requestId, outcome: (id) => checkPredict(id, response) }
        : {
            id: error?.requestId ?? '',
            outcome: () => inStream(error?.code ?? 'EMPTY', error?.message ?? '', error?.retryAfterMs ?? 0),
          },
  });

export const inferStreamSender = ({ inference }: Clients): StreamSender =>
  streamSender({
    open: () => inference.ModelStreamInfer(),
    item: inferRequest,
    read: ({ inferResponse, errorMessage }: ModelStreamInferResponse__Output) => ({
      id: inferResponse?.id ?? '',
      outcome: (id) =>
        errorMessage !== '' || inferResponse === null
          ? { code: errorMessage.split(':')[0] ?? 'EMPTY', message: errorMessage }
          : checkInfer(id, inferResponse),
    }),
  });
