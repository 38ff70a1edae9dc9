import type { ServerDuplexStream, ServiceError } from '@grpc/grpc-js';

export interface AnswerStreamOptions<In, Out> {
  /** Answers one item; a rejection ends the stream with that status, after the answers before it. */
  readonly answer: (item: In) => Promise<Out>;
  /** `request`: in the order of the items; `completion`: each when it is done. */
  readonly order: 'request' | 'completion';
  /** Items read and not yet written; reading pauses there. */
  readonly maxInFlight: number;
  /** While it is true nothing is read before another item has been answered; an item says so before `answer` returns. */
  readonly isHeld: () => boolean;
  /** Aborted when the process stops: items in flight are answered, then the stream ends with `stopped`. */
  readonly draining: AbortSignal;
  readonly stopped: () => ServiceError;
}

type Outcome<Out> = { readonly value: Out } | { readonly error: ServiceError };

interface Slot<Out> {
  outcome?: Outcome<Out>;
}

/** Serves a bidirectional stream, item by item, slowed by flow control in both directions. */
export const answerStream = <In, Out>(
  call: ServerDuplexStream<In, Out>,
  options: AnswerStreamOptions<In, Out>,
): void => {
  const slots: Slot<Out>[] = [];
  let inFlight = 0;
  let over = false;
  let blocked = false;
  let ended = false;

  const close = (error?: ServiceError): void => {
    if (over) return;
    over = true;
    options.draining.removeEventListener('abort', stop);
    if (error === undefined) call.end();
    else call.emit('error', error);
  };
  const isFull = (): boolean => inFlight >= options.maxInFlight || (inFlight > 0 && options.isHeld());
  const regulate = (): void => {
    if (over) return;
    if (inFlight === 0 && ended) close();
    else if (inFlight === 0 && options.draining.aborted) close(options.stopped());
    else if (blocked || isFull() || options.draining.aborted) call.pause();
    else call.resume();
  };
  const put = (outcome: Outcome<Out>): void => {
    inFlight -= 1;
    if ('error' in outcome) close(outcome.error);
    else if (!over && !call.write(outcome.value)) blocked = true;
  };
  const flushInOrder = (): void => {
    for (let first = slots[0]?.outcome; first !== undefined; first = slots[0]?.outcome) {
      slots.shift();
      put(first);
    }
  };
  const stop = (): void => regulate();

  call.on('data', (item: In) => {
    if (over) return;
    inFlight += 1;
    const slot: Slot<Out> = {};
    if (options.order === 'request') slots.push(slot);
    const settle = (outcome: Outcome<Out>): void => {
      slot.outcome = outcome;
      if (options.order === 'request') flushInOrder();
      else put(outcome);
      regulate();
    };
    options.answer(item).then(
      (value) => settle({ value }),
      (error: ServiceError) => settle({ error }),
    );
    regulate();
  });
  call.on('drain', () => {
    blocked = false;
    regulate();
  });
  call.on('end', () => {
    ended = true;
    regulate();
  });
  call.on('cancelled', () => {
    over = true;
    options.draining.removeEventListener('abort', stop);
  });
  call.on('error', () => undefined);
  options.draining.addEventListener('abort', stop);
  if (options.draining.aborted) stop();
};
