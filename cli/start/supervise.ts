import type { BackoffLimits } from './backoff.ts';
import { describeReadiness } from './banner.ts';
import { KeptProcess } from './kept-process.ts';
import type { LogSink } from './log-sink.ts';
import type { ProcessSpec } from './process-spec.ts';
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
  /** Told once all processes that are not in the background have been ready. */
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
  const starting = startAll(options, ending, stack, () => {
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

/** Starts every process when those before it that it waits for are ready, until the end comes. */
const startAll = async (
  options: SuperviseOptions,
  ending: PromiseWithResolvers<number>,
  stack: AsyncDisposableStack,
  onAllReady: () => void,
): Promise<void> => {
  const hasEnded = ending.promise.then(() => true);
  const isReady = (kept: readonly (KeptProcess | undefined)[]): Promise<boolean> =>
    Promise.race([
      hasEnded.then(() => false),
      Promise.all(kept.map((each) => each?.firstReady)).then(() => true),
    ]);
  const started = new Map<string, KeptProcess>();
  const startEach = async (processes: readonly ProcessSpec[]): Promise<boolean> => {
    for (const spec of processes) {
      if (!(await isReady(spec.after.map((name) => started.get(name))))) return false;
      started.set(spec.name, stack.use(startOne(spec, options, ending.resolve)));
    }
    return true;
  };
  const { processes } = options;
  if (!(await startEach(processes.filter(({ background }) => background !== true)))) return;
  if (!(await isReady([...started.values()]))) return;
  onAllReady();
  await startEach(processes.filter(({ background }) => background === true));
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
