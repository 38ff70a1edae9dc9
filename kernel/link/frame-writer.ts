/** What a frame writer needs of a stream. */
export interface FrameStream<Frame> {
  write(frame: Frame): boolean;
  on(event: 'drain', listener: () => void): unknown;
}

/** Items of one frame, at most. */
const maxItems = 1024;
/** Bytes of one frame, where the peer takes as many. */
export const usualFrameBytes = 4 * 1024 * 1024;

export interface FrameSizes<Item> {
  /** About how many bytes an item takes in a frame. */
  readonly sizeOf: (item: Item) => number;
  /** Bytes of one frame, at most: no more than the peer receives. A larger item travels alone. */
  readonly maxBytes: number;
}

/** How many items from the front go into one frame. */
const frameLength = <Item>(items: readonly Item[], { sizeOf, maxBytes }: FrameSizes<Item>): number => {
  let bytes = 0;
  let length = 0;
  for (const item of items) {
    bytes += sizeOf(item);
    if (length === maxItems || (length > 0 && bytes > maxBytes)) break;
    length += 1;
  }
  return length;
};

/**
 * Gathers items and writes them together: what has come in one turn of the event loop leaves in one
 * frame. While the stream is blocked items wait, so that frames grow instead of their number. How many
 * may wait is not decided here: no more than callers may have under way, or jobs that a queue may hold.
 */
export const frameWriter = <Item, Frame>(
  stream: FrameStream<Frame>,
  frameOf: (items: readonly Item[]) => Frame,
  sizes: FrameSizes<Item>,
): ((item: Item) => void) => {
  let pending: Item[] = [];
  let scheduled = false;
  let blocked = false;
  const flush = (): void => {
    scheduled = false;
    while (pending.length > 0 && !blocked) {
      const length = frameLength(pending, sizes);
      const items = length === pending.length ? pending : pending.slice(0, length);
      pending = length === pending.length ? [] : pending.slice(length);
      blocked = !stream.write(frameOf(items));
    }
  };
  stream.on('drain', () => {
    blocked = false;
    flush();
  });
  return (item) => {
    pending.push(item);
    if (scheduled) return;
    scheduled = true;
    setImmediate(flush);
  };
};
