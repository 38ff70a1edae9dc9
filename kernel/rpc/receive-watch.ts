import {
  type ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
  status,
} from '@grpc/grpc-js';
import { TransientMap } from '../collections/transient-map.ts';

interface Waiting {
  readonly id: number;
  readonly call: ServerInterceptingCallInterface;
}

/** Looks for what has not come, within the time that it may take. */
const looks = 4;

const noLooks: readonly number[] = new Array<number>(looks).fill(0);

/**
 * Ends calls whose one message does not come whole within a time with DEADLINE_EXCEEDED, up to a quarter later; grpc-js
 * waits for it as long as its caller likes. A stream of messages may be silent between them, and is left as it is.
 *
 * The call's own start and two functions of its listener are replaced in their places, and all calls share one timer:
 * a ServerInterceptingCall around each call, or a timer for each, costs several microseconds.
 */
export class ReceiveWatch implements Disposable {
  readonly #receiveMs: number;
  readonly #timer: NodeJS.Timeout;
  readonly #waiting = new TransientMap<number, Waiting>();
  #lastId = 0;
  /** The last call that had come at each of the last looks, the oldest look first. */
  #seen = noLooks;

  constructor(receiveMs: number) {
    this.#receiveMs = receiveMs;
    this.#timer = setInterval(() => this.#look(), Math.ceil(receiveMs / looks)).unref();
  }

  readonly interceptor: ServerInterceptor = (method, call) => {
    if (!method.requestStream) this.#watch(call);
    return call as ServerInterceptingCall;
  };

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #watch(call: ServerInterceptingCallInterface): void {
    const { start } = call;
    call.start = (listener) => {
      const { onReceiveHalfClose, onCancel } = listener;
      this.#lastId += 1;
      const id = this.#lastId;
      this.#waiting.set(id, { id, call });
      listener.onReceiveHalfClose = () => {
        this.#waiting.delete(id);
        onReceiveHalfClose.call(listener);
      };
      listener.onCancel = () => {
        this.#waiting.delete(id);
        onCancel.call(listener);
      };
      start.call(call, listener);
    };
  }

  #look(): void {
    const [oldest = 0, ...newer] = this.#seen;
    this.#seen = [...newer, this.#lastId];
    const late = {
      code: status.DEADLINE_EXCEEDED,
      details: `the message of the call did not come within ${this.#receiveMs} ms`,
    };
    for (const { id, call } of this.#waiting.values()) if (id <= oldest) call.sendStatus(late);
  }
}
