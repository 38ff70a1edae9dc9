import type { ServerDuplexStream, ServiceError } from '@grpc/grpc-js';

export interface AnswerStreamOptions<In, Out> {
  /** Answers one item; a rejection ends the stream with that status. */
  readonly answer: (item: In) => Promise<Out>;
  /** `request`: in the order of the items; `completion`: each when it is done. */
  readonly order: 'request' | 'completion';
  /** Items read and not yet written; reading pauses there. */
  readonly maxInFlight: number;
  /** Aborted when the process stops: items in flight are answered, then the stream ends with `stopped`. */
  readonly draining: AbortSignal;
  readonly stopped: () => ServiceError;
}

interface Slot<Out> {
  value?: Out;
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
  const regulate = (): void => {
    if (over) return;
    if (inFlight === 0 && options.draining.aborted) close(options.stopped());
    else if (inFlight === 0 && ended) close();
    else if (blocked || inFlight >= options.maxInFlight || options.draining.aborted) call.pause();
    else call.resume();
  };
  const write = (value: Out): void => {
    inFlight -= 1;
    if (!over && !call.write(value)) blocked = true;
  };
  const flushInOrder = (): void => {
    while (slots[0]?.value !== undefined) write(slots.shift()?.value as Out);
  };
  const stop = (): void => regulate();

  call.on('data', (item: In) => {
    inFlight += 1;
    const slot: Slot<Out> = {};
    if (options.order === 'request') slots.push(slot);
    regulate();
    options.answer(item).then((value) => {
      slot.value = value;
      if (options.order === 'request') flushInOrder();
      else write(value);
      regulate();
    }, close);
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
};
