import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Http2Session, ServerHttp2Stream } from 'node:http2';

/** What one connection, and one call of it, may have sent ahead of its reader. HTTP/2 begins with 65,535. */
export const windowBytes = 1024 * 1024;

const widened = new WeakSet<Http2Session>();
const channel = 'http2.server.stream.created';

/**
 * Gives the HTTP/2 connections of this process's servers a wider flow control window (RFC 9113 section 6.9), when
 * their first stream comes. With the initial one the sender waits for this process once every 64 KiB, which is
 * what larger tensors, and links with many requests, were waiting for. grpc-js (1.14.7) has the option for
 * clients only, and does not hand out its servers' sessions.
 */
export const widenWindows = (): Disposable => {
  const widen = (message: unknown): void => {
    const { session } = (message as { readonly stream: ServerHttp2Stream }).stream;
    if (session === undefined || session.destroyed || widened.has(session)) return;
    widened.add(session);
    session.setLocalWindowSize(windowBytes);
    session.settings({ initialWindowSize: windowBytes });
  };
  subscribe(channel, widen);
  return { [Symbol.dispose]: () => void unsubscribe(channel, widen) };
};
