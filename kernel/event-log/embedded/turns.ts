import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { unlock, waitForLockSync } from 'fs-native-extensions';

/**
 * All who have a log's folder open, in this process and in others, do one after the other what must not happen at the
 * same time. It is a lock of the operating system on a file beside those of lmdb; the death of a process gives it back.
 */
export interface Turns extends Disposable {
  /**
   * Does something, which takes no turn itself, while nobody else has a turn; the whole thread waits until the others
   * are done.
   */
  take<T>(work: () => T): T;
}

/** Makes the folder if it is not there. */
export const openTurns = (folder: string): Turns => {
  mkdirSync(folder, { recursive: true });
  const fd = openSync(join(folder, 'turn.lock'), 'a');
  return {
    take: (work) => {
      waitForLockSync(fd);
      try {
        return work();
      } finally {
        unlock(fd);
      }
    },
    [Symbol.dispose]: () => closeSync(fd),
  };
};
