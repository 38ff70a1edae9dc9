import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Http2Session, Http2Stream } from 'node:http2';
import { types } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { TransientMap } from '../collections/transient-map.ts';

/** Where Node tells of every stream of HTTP/2 that it serves. */
const channel = 'http2.server.stream.created';

/** What Node does with the streams of a session: what a TransientMap can, and forEach. */
class Streams extends TransientMap<number, Http2Stream> {
  forEach(visit: (stream: Http2Stream) => void): void {
    for (const stream of this.values()) visit(stream);
  }
}

/** Node's own state of a session, as far as it looks as it does in Node 24: `streams` is a Map without Map.prototype. */
export const stateOf = (session: Http2Session): { streams?: unknown } | undefined => {
  const key = Object.getOwnPropertySymbols(session).find(({ description }) => description === 'state');
  return key && (session as unknown as Record<symbol, { streams?: unknown }>)[key];
};

const replaceStreams = (message: unknown): void => {
  const { session } = (message as { readonly stream: Http2Stream }).stream;
  const state = session && stateOf(session);
  if (!types.isMap(state?.streams)) return;
  const streams = new Streams();
  state.streams.forEach((stream, id) => {
    streams.set(id as number, stream as Http2Stream);
  });
  state.streams = streams;
};

/**
 * Lets minor collections free the requests that have ended. Two things would keep a part of them, with all that they refer
 * to, until the next major collection: V8 allocates at once in the old generation what it expects to live long, and a
 * few early requests that lived long teach it so; and Node has the streams of an HTTP/2 session in a Map (see
 * TransientMap). What that costs is in docs/adr/0015-minor-collections.md. A Node that looks different inside is left
 * as it is.
 */
export const easeMinorCollections = (): Disposable => {
  setFlagsFromString('--no-allocation-site-pretenuring');
  subscribe(channel, replaceStreams);
  return { [Symbol.dispose]: () => void unsubscribe(channel, replaceStreams) };
};
