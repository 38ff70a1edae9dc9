import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { ProcessSpec } from './process-spec.ts';

/** How a process ended: its exit code, the signal that killed it, or why it could not be started. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error?: Error;
}

/** One life of a supervised process. */
export interface Life {
  readonly pid: number | undefined;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Never rejects. */
  readonly ended: Promise<Ending>;
  kill(signal: NodeJS.Signals): void;
}

/**
 * Starts a process under the supervisor's own Node, with `inherited` below its own variables. It leads a process group of its own, so that Ctrl-C
 * reaches the supervisor alone and the processes are stopped in order; and it holds an IPC channel, whose
 * end tells it that the supervisor is gone, even by kill -9.
 */
export const spawnProcess = (
  spec: Pick<ProcessSpec, 'main' | 'environment'>,
  inherited: NodeJS.ProcessEnv = process.env,
): Life => {
  const child = spawn(process.execPath, [spec.main], {
    env: { ...inherited, ...spec.environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  });
  const { pid, stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('the pipes of a child process are missing');
  return {
    pid,
    stdout,
    stderr,
    ended: endingOf(child),
    kill: (signal) => void child.kill(signal),
  };
};

const endingOf = (child: ChildProcess): Promise<Ending> => {
  const { promise, resolve } = Promise.withResolvers<Ending>();
  child.once('exit', (code, signal) => resolve({ code, signal }));
  child.once('error', (error) => resolve({ code: null, signal: null, error }));
  return promise;
};

/** SIGTERM, then SIGKILL when the grace is over, said by `onOverdue`. Resolves when the process is gone. */
export const endGently = async (life: Life, graceMs: number, onOverdue: () => void): Promise<void> => {
  const timer = setTimeout(() => {
    onOverdue();
    life.kill('SIGKILL');
  }, graceMs);
  life.kill('SIGTERM');
  await life.ended;
  clearTimeout(timer);
};

/** `exited with 1`, `was killed by SIGKILL`, `could not be started: …`. */
export const describeEnding = (ending: Ending): string => {
  if (ending.error !== undefined) return `could not be started: ${ending.error.message}`;
  return ending.signal === null ? `exited with ${ending.code}` : `was killed by ${ending.signal}`;
};
