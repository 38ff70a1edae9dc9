import { setTimeout as pause } from 'node:timers/promises';
import { fromUnknown } from '@sluice/kernel/errors/from-unknown';
import type { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { Log } from '@sluice/kernel/telemetry/log';
import { type Backoff, defaultBackoff, nextWaitMs, withJitter } from './backoff.ts';

/**
 * Begins a life of a consumer: puts what it opens on the stack, and resolves when it consumes. `ended` rejects with the
 * reason when it cannot go on.
 */
export type StartConsumer = (stack: AsyncDisposableStack) => Promise<{ readonly ended: Promise<void> }>;

export interface KeepOptions {
  readonly name: string;
  readonly start: StartConsumer;
  readonly log: Log;
  /** What keeps it from going on although it consumes; undefined, or not given: nothing. */
  readonly waitsFor?: () => string | undefined;
  /** Told of each end by an error. */
  readonly onRestart?: () => void;
  readonly backoff?: Backoff;
}

/** A consumer that is started again whenever it ends by an error, until it is disposed of. */
export interface KeptConsumer extends AsyncDisposable {
  readonly name: string;
  /** Why it does not consume at the moment; undefined: it does. */
  notRunning(): string | undefined;
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

const nothing = () => undefined;

/** One life, from its start to its end; resolves when it was closed, and rejects with why it ended. */
const live = async (start: StartConsumer, closing: AbortSignal, onRunning: () => void): Promise<void> => {
  const stack = new AsyncDisposableStack();
  const closed = aborted(closing);
  const starting = start(stack);
  let isRunning = false;
  try {
    const started = await Promise.race([starting, closed]);
    if (started === undefined) return;
    isRunning = true;
    onRunning();
    await Promise.race([started.ended, closed]);
  } finally {
    // What broke may not close well either; why it broke is told already.
    const ended = starting.then(nothing, nothing).then(() => stack.disposeAsync().catch(nothing));
    // A start that waits for what is away does not hold up the end of the process.
    if (isRunning || !closing.aborted) await ended;
  }
};

/** Starts a consumer, and again after each end by an error, with a growing wait in between. */
export const keepRunning = (options: KeepOptions): KeptConsumer => {
  const { name, start, log, waitsFor = nothing, onRestart = nothing, backoff = defaultBackoff } = options;
  const closing = new AbortController();
  const { signal } = closing;
  let why: SluiceError | 'starting' | undefined = 'starting';
  /** The reason is told once, not at each attempt. */
  let told: string | undefined;
  const fail = (thrown: unknown): void => {
    const error = fromUnknown(thrown);
    why = error;
    onRestart();
    const level = told === error.code ? 'debug' : error.meaning.logLevel;
    log[level]({ consumer: name, err: error.cause ?? error }, `${name} waits: ${error.message}`);
    told = error.code;
  };
  const run = (): void => {
    why = undefined;
    if (told !== undefined) log.info({ consumer: name }, `${name} is back`);
    told = undefined;
  };
  const loop = async (): Promise<void> => {
    let waitMs: number | undefined;
    while (!signal.aborted) {
      const startedAt = performance.now();
      await live(start, signal, run).catch(fail);
      waitMs = nextWaitMs(waitMs, performance.now() - startedAt, backoff);
      await pause(withJitter(waitMs), undefined, { signal }).catch(nothing);
    }
  };
  const looping = loop();
  return {
    name,
    notRunning: () => {
      if (why === undefined) return waitsFor();
      return why === 'starting' ? why : why.message;
    },
    [Symbol.asyncDispose]: async () => {
      closing.abort();
      await looping;
    },
  };
};
