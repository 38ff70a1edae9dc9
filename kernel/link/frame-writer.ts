/** What a frame writer needs of a stream. */
export interface FrameStream<Frame> {
  write(frame: Frame): boolean;
  on(event: 'drain', listener: () => void): unknown;
}

/** Items of one frame, at most. */
const maxItems = 1024;

/**
 * Gathers items and writes them together: what has come in one turn of the event loop leaves in one
 * frame. While the stream is blocked items wait, so that frames grow instead of their number.
 */
export const frameWriter = <Item, Frame>(
  stream: FrameStream<Frame>,
  frameOf: (items: readonly Item[]) => Frame,
): ((item: Item) => void) => {
  let pending: Item[] = [];
  let scheduled = false;
  let blocked = false;
  const flush = (): void => {
    scheduled = false;
    while (pending.length > 0 && !blocked) {
      const items = pending.length <= maxItems ? pending : pending.slice(0, maxItems);
      pending = pending.length <= maxItems ? [] : pending.slice(maxItems);
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
