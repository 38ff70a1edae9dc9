import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { waitFor } from './wait-for.ts';

export const repository = new URL('../..', import.meta.url).pathname;

export type LogLine = Readonly<Record<string, unknown>>;

/** A process of Sluice's own, started as a user would start it. */
export interface Running extends AsyncDisposable {
  readonly pid: number;
  readonly lines: readonly LogLine[];
  readonly stderr: readonly string[];
  /** Resolves with the exit code, or the signal's name. */
  readonly exited: Promise<number | string>;
  signal(name: NodeJS.Signals): void;
  /** The first line whose message is this. */
  line(message: string, timeoutMs?: number): Promise<LogLine>;
}

const parse = (text: string): LogLine => {
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    return { msg: text };
  }
};

const follow = (output: Readable | null, take: (line: string) => void): void => {
  if (output !== null) createInterface({ input: output }).on('line', take);
};

const exitOf = async (child: ChildProcess): Promise<number | string> => {
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return code ?? signal ?? 'unknown';
};

/** What every process has: where programs are, and what is compiled already. */
export const usualEnv = (): Record<string, string> => {
  const { PATH = '', NODE_COMPILE_CACHE } = process.env;
  return NODE_COMPILE_CACHE === undefined ? { PATH } : { PATH, NODE_COMPILE_CACHE };
};

/** Starts `node <main>` in the repository with exactly this environment beside the usual one; killed when disposed. */
export const startProcess = (
  main: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Running => {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: repository,
    env: { ...usualEnv(), ...env },
    // The channel ends the process when the test's own ends, however it ends.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const lines: LogLine[] = [];
  const stderr: string[] = [];
  follow(child.stdout, (text) => lines.push(parse(text)));
  follow(child.stderr, (text) => stderr.push(text));
  const exited = exitOf(child);
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
  return {
    pid: child.pid ?? 0,
    lines,
    stderr,
    exited,
    signal: (name) => void child.kill(name),
    line: (message, timeoutMs) =>
      waitFor(
        `'${message}' of ${main}`,
        () => {
          const found = lines.find(({ msg }) => msg === message);
          if (found === undefined && isOver())
            throw new Error(`${main} ended: ${stderr.join('\n')}${JSON.stringify(lines.at(-1))}`);
          return found;
        },
        timeoutMs,
      ),
    async [Symbol.asyncDispose]() {
      if (!isOver()) child.kill('SIGKILL');
      await exited;
    },
  };
};
