import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';

/** Between two looks at the log when nothing says that it changed. */
const pollMs = 50;
/** Between two wake-ups that changes cause. */
const restMs = 2;

/** Wakes who waits for the log to change. */
export interface Wake extends Disposable {
  /** Resolves when the file was written, by any process, or after a while; at once when the signal is aborted. */
  changed(signal: AbortSignal): Promise<void>;
}

/** The operating system's word that a file changed is a hint: where it gives none, looking from time to time is enough. */
const watchFile = (file: string, told: () => void): FSWatcher | undefined => {
  try {
    return watch(file, { persistent: false }, told).on('error', () => undefined);
  } catch {
    return undefined;
  }
};

export const openWake = (folder: string): Wake => {
  const waiting = new Set<() => void>();
  let resting: NodeJS.Timeout | undefined;
  let told = false;
  const wakeAll = (): void => {
    for (const wake of [...waiting]) wake();
  };
  const rest = (): void => {
    resting = undefined;
    if (told) wakeNow();
  };
  const wakeNow = (): void => {
    told = false;
    resting = setTimeout(rest, restMs);
    wakeAll();
  };
  const watcher = watchFile(join(folder, 'data.mdb'), () => {
    told = true;
    if (resting === undefined) wakeNow();
  });
  return {
    changed: (signal) =>
      new Promise((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          waiting.delete(wake);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        const timer = setTimeout(wake, signal.aborted ? 0 : pollMs);
        waiting.add(wake);
        signal.addEventListener('abort', wake);
      }),
    [Symbol.dispose]: () => {
      watcher?.close();
      clearTimeout(resting);
      wakeAll();
    },
  };
};
