import type { BackoffLimits } from './backoff.ts';
import { describeReadiness } from './banner.ts';
import { KeptProcess } from './kept-process.ts';
import type { LogSink } from './log-sink.ts';
import type { ProcessSpec } from './process-table.ts';
import { watchFiles } from './watch-files.ts';

export interface SuperviseOptions {
  /** In dependency order. */
  readonly processes: readonly ProcessSpec[];
  readonly log: LogSink;
  /** How long a process may take to end after SIGTERM. */
  readonly graceMs: number;
  /** Restarts a process when its files change. */
  readonly watch: boolean;
  /** Asks for an orderly stop; the reason is said aloud. */
  readonly stop: AbortSignal;
  /** Kills what still runs, at once. */
  readonly kill: AbortSignal;
  /** Told once all processes have been ready. */
  readonly onAllReady: () => void;
  readonly backoff?: BackoffLimits;
}

/**
 * Runs the processes until it is told to stop or one of them finds its configuration wrong; then stops them
 * in reverse order. Answers the exit code: 0, or the one of that process.
 */
export const supervise = async (options: SuperviseOptions): Promise<number> => {
  const { log } = options;
  const ending = Promise.withResolvers<number>();
  const onStop = (): void => {
    log.event('info', `stopping: ${String(options.stop.reason)}`);
    ending.resolve(0);
  };
  if (options.stop.aborted) return 0;
  options.stop.addEventListener('abort', onStop, { once: true });
  const startedAt = performance.now();
  await using stack = new AsyncDisposableStack();
  const starting = startAll(options, ending, stack).then((isComplete) => {
    if (!isComplete) return;
    log.event(
      'info',
      `all ready after ${Math.round(performance.now() - startedAt)} ms`,
      describeReadiness(options.processes),
    );
    options.onAllReady();
  });
  const exitCode = await ending.promise;
  await starting;
  return exitCode;
};

/** Starts every process when those before it that it waits for are ready; false if the end came first. */
const startAll = async (
  options: SuperviseOptions,
  ending: PromiseWithResolvers<number>,
  stack: AsyncDisposableStack,
): Promise<boolean> => {
  const hasEnded = ending.promise.then(() => true);
  const started = new Map<string, KeptProcess>();
  for (const spec of options.processes) {
    const needed = spec.after.map((name) => started.get(name)?.firstReady);
    if (await Promise.race([hasEnded, Promise.all(needed).then(() => false)])) return false;
    started.set(spec.name, stack.use(startOne(spec, options, ending.resolve)));
  }
  const all = [...started.values()].map((kept) => kept.firstReady);
  return await Promise.race([hasEnded.then(() => false), Promise.all(all).then(() => true)]);
};

const startOne = (
  spec: ProcessSpec,
  options: SuperviseOptions,
  end: (exitCode: number) => void,
): KeptProcess => {
  const { log, graceMs, backoff } = options;
  const kept = new KeptProcess({ spec, log, graceMs, onConfigurationExit: end, ...(backoff && { backoff }) });
  options.kill.addEventListener('abort', () => kept.kill(), { once: true });
  if (options.watch) {
    watchFiles(spec.watch, options.stop, (file) => {
      log.event('info', `${file} changed, restarting ${spec.name}`);
      void kept.restart();
    });
  }
  return kept;
};
