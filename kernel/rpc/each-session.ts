import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Http2Session, ServerHttp2Stream } from 'node:http2';

/** Where Node tells of every stream of HTTP/2 that this process serves. */
const channel = 'http2.server.stream.created';

/** Does something once with each session of HTTP/2 that this process serves, when its first stream comes. */
export const onceEachSession = (act: (session: Http2Session) => void): (() => Disposable) => {
  const seen = new WeakSet<Http2Session>();
  const take = (message: unknown): void => {
    const { session } = (message as { readonly stream: ServerHttp2Stream }).stream;
    if (session === undefined || session.destroyed || seen.has(session)) return;
    seen.add(session);
    act(session);
  };
  return () => {
    subscribe(channel, take);
    return { [Symbol.dispose]: () => void unsubscribe(channel, take) };
  };
};
