import { SingleBar } from 'cli-progress';

/** How far something long has come: on stderr, where that is a terminal; it goes at the end. */
export interface ProgressBar extends Disposable {
  /** @param part from 0 to 1 @param count of what has been done @param more what stands behind it */
  readonly at: (part: number, count: number, more?: string) => void;
}

export const noProgressBar: ProgressBar = { at: () => undefined, [Symbol.dispose]: () => undefined };

/** @param doing `exporting` @param things `predictions` */
export const showProgressBar = (doing: string, things: string): ProgressBar => {
  const bar = new SingleBar({
    format: `${doing} [{bar}] {percentage} %, {count} ${things}{more}`,
    clearOnComplete: true,
    stopOnComplete: false,
    hideCursor: true,
  });
  bar.start(1, 0, { count: 0, more: '' });
  return {
    at: (part, count, more = '') => bar.update(Math.min(1, Math.max(0, part || 0)), { count, more }),
    [Symbol.dispose]: () => bar.stop(),
  };
};
