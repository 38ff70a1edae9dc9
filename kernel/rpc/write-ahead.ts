import { ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js';

/** Answers of one stream that were handed to HTTP/2 and have not left yet. */
export const maxAhead = 16;

/**
 * A stream whose answers leave together. grpc-js (1.14.7) hands HTTP/2 the next message when the one
 * before has left, which makes every answer a system call of its own; this tells it so ahead, up to a
 * bound, beyond which the stream is slowed as it would have been.
 */
class AheadCall extends ServerInterceptingCall {
  #ahead = 0;
  #blocked: (() => void) | undefined;

  override sendMessage(message: unknown, callback: () => void): void {
    this.#ahead += 1;
    super.sendMessage(message, () => this.#left());
    if (this.#ahead < maxAhead) callback();
    else this.#blocked = callback;
  }

  #left(): void {
    this.#ahead -= 1;
    const blocked = this.#blocked;
    this.#blocked = undefined;
    blocked?.();
  }
}

/** For streams of answers; what answers once is left as it is. */
export const writeAhead: ServerInterceptor = (method, call) =>
  method.responseStream ? new AheadCall(call) : (call as ServerInterceptingCall);
