import type { Http2Session, Http2Stream } from 'node:http2';
import { types } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { TransientMap } from '../collections/transient-map.ts';
import { onceEachSession } from '../rpc/each-session.ts';

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

const replaceStreams = onceEachSession((session) => {
  const state = stateOf(session);
  if (!types.isMap(state?.streams)) return;
  const streams = new Streams();
  state.streams.forEach((stream, id) => {
    streams.set(id as number, stream as Http2Stream);
  });
  state.streams = streams;
});

/**
 * V8's settings for a process through which much goes that soon ends:
 *
 * - nothing is allocated at once in the old generation because a few early requests happened to live long;
 * - the old generation is collected when it has doubled, instead of when it is four times as large. Node makes an
 *   external string of each header of HTTP/2, V8 has those in the old generation and looks at each in the pause of a major
 *   collection: after four times the time it lasts for up to 350 ms, so for about 100.
 */
const flags = ['--no-allocation-site-pretenuring', '--heap-growing-percent=100'];

/**
 * Lets minor collections free the requests that have ended, and keeps major ones short
 * (docs/adr/0015-garbage-collection.md). From its call on the sessions of HTTP/2 that this process serves have their
 * streams no longer in a Map, which would keep a part of the streams until the next major collection (see
 * TransientMap). A Node that looks different inside is left as it is.
 */
export const tuneGarbageCollection = (): Disposable => {
  for (const flag of flags) setFlagsFromString(flag);
  return replaceStreams();
};
