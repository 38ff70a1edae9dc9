import type { StreamFlow } from '@sluice/kernel/telemetry/call-scope';

/** What is needed of a stream for it. */
export interface FlowingStream {
  readonly writableNeedDrain: boolean;
  pause(): unknown;
  resume(): unknown;
  end(): unknown;
  on(event: 'drain', listener: () => void): unknown;
  once(event: 'drain', listener: () => void): unknown;
}

export interface LinkFlow extends StreamFlow {
  /** Reads on, or not: after each frame. */
  readonly regulate: () => void;
  /** Ends the stream once all that was given to its frame writer has been written. */
  readonly end: () => void;
}

/**
 * How far a link is read ahead; to be made after the stream's frame writer. It is not read on while the peer does not
 * read its answers, or while inputs take all the bytes that they may. Entries that wait for their turn do not hold it:
 * those of other models would have to wait with them.
 */
export const linkFlow = (stream: FlowingStream): LinkFlow => {
  let holds = 0;
  const regulate = (): void => {
    if (holds > 0 || stream.writableNeedDrain) stream.pause();
    else stream.resume();
  };
  const endWritten = (): void => {
    if (stream.writableNeedDrain) stream.once('drain', endWritten);
    else stream.end();
  };
  stream.on('drain', regulate);
  return {
    hold: (why) => {
      if (why === 'bytes') holds += 1;
      regulate();
    },
    release: (why) => {
      if (why === 'bytes') holds -= 1;
      regulate();
    },
    regulate,
    // The frame writer writes what has gathered in its own turn, which comes before this one.
    end: () => void setImmediate(endWritten),
  };
};
