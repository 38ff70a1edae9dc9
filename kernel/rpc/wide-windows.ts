import { onceEachSession } from './each-session.ts';

/** What one connection, and one call of it, may have sent ahead of its reader. HTTP/2 begins with 65,535. */
export const windowBytes = 1024 * 1024;

/**
 * Gives the HTTP/2 connections of this process's servers a wider flow control window (RFC 9113 section 6.9), when
 * their first stream comes. With the initial one the sender waits for this process once every 64 KiB, which is
 * what larger tensors, and links with many requests, were waiting for. grpc-js (1.14.7) has the option for
 * clients only, and does not hand out its servers' sessions.
 */
export const widenWindows = onceEachSession((session) => {
  session.setLocalWindowSize(windowBytes);
  session.settings({ initialWindowSize: windowBytes });
});
