import { flushCompileCache } from 'node:module';
import { exitUnavailable } from '../config/command-line.ts';
import { messageOf } from '../errors/message-of.ts';
import type { Log } from '../telemetry/log.ts';
import { onSupervisorGone } from './supervised.ts';

/** sysexits.h: EX_SOFTWARE. */
const exitSoftware = 70;

export interface RunOptions {
  readonly log: Log;
  /** Longest time from the signal to the end. */
  readonly drainMs: number;
  /** Puts on the stack what is to be ended; what came last ends first. */
  readonly start: (stack: AsyncDisposableStack) => Promise<void>;
}

const isAddressInUse = (error: unknown): boolean => messageOf(error).includes('EADDRINUSE');

/**
 * The life of a process: start; wait for SIGTERM, SIGINT or the end of the supervisor; stop in
 * reverse order of starting; exit 0. Stopping that takes longer than it may ends with exit 70.
 */
export const runProcess = async ({ log, drainMs, start }: RunOptions): Promise<void> => {
  const stack = new AsyncDisposableStack();
  const stopped = Promise.withResolvers<string>();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopped.resolve(signal));
  onSupervisorGone(() => stopped.resolve('supervisor is gone'));
  try {
    await start(stack);
    // Now and not at the exit, so that a killed process leaves it for the next one too.
    flushCompileCache();
  } catch (error) {
    log.fatal({ err: error }, `cannot start: ${messageOf(error)}`);
    process.exit(isAddressInUse(error) ? exitUnavailable : exitSoftware);
  }
  log.info({ why: await stopped.promise }, 'stopping');
  const tooLong = setTimeout(() => process.exit(exitSoftware), drainMs + marginMs);
  await stack.disposeAsync();
  clearTimeout(tooLong);
  log.info('stopped');
  process.exit(0);
};

/** What stopping may take beyond draining. */
const marginMs = 5_000;
