import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';

/** An editor saves in several steps: what changes within this time is one change. */
const DEBOUNCE_MS = 150;

const IS_SOURCE = /\.(ts|mjs|json|proto|ya?ml)$/;
const IS_IGNORED = /(^|[/\\])(node_modules|dist|\.[^/\\]*)([/\\]|$)|\.test\.ts$/;

/** Whether a change of this file (relative to a watched folder) can change what a process does. */
const isWatched = (file: string): boolean => IS_SOURCE.test(file) && !IS_IGNORED.test(file);

/**
 * Tells, after a moment of quiet, that a source file below one of the folders changed (its path). Ends with
 * the signal. By fs.watch, recursive; node --watch would put a process between supervisor and child, which
 * has the IPC channel and swallows the exit code.
 */
export const watchFiles = (
  folders: readonly string[],
  signal: AbortSignal,
  onChange: (file: string) => void,
): void => {
  let timer: NodeJS.Timeout | undefined;
  for (const folder of folders.filter((candidate) => existsSync(candidate))) {
    watch(folder, { recursive: true, signal, persistent: false }, (_event, file) => {
      if (file === null || !isWatched(file)) return;
      clearTimeout(timer);
      timer = setTimeout(() => onChange(join(folder, file)), DEBOUNCE_MS);
    });
  }
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
};
