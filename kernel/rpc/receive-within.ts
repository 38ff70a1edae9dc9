import { type ServerInterceptingCall, type ServerInterceptor, status } from '@grpc/grpc-js';

/**
 * Ends a call whose one message has not come whole by then; grpc-js waits for it as long as its caller likes. A stream
 * of messages may be silent between them, and is left as it is.
 *
 * The call's own start is replaced: a ServerInterceptingCall around each unary call would cost more than its timer.
 */
export const receiveWithin =
  (receiveMs: number): ServerInterceptor =>
  (method, call) => {
    if (!method.requestStream) {
      const start = call.start.bind(call);
      call.start = (listener) => {
        const late = {
          code: status.DEADLINE_EXCEEDED,
          details: `the message of the call did not come within ${receiveMs} ms`,
        };
        const timer = setTimeout(() => call.sendStatus(late), receiveMs);
        start({
          onReceiveMetadata: (metadata) => listener.onReceiveMetadata(metadata),
          onReceiveMessage: (message) => listener.onReceiveMessage(message),
          onReceiveHalfClose: () => {
            clearTimeout(timer);
            listener.onReceiveHalfClose();
          },
          onCancel: () => {
            clearTimeout(timer);
            listener.onCancel();
          },
        });
      };
    }
    return call as ServerInterceptingCall;
  };
