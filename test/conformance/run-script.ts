import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';

/** One case of a Python script, as python/cases.py prints it. */
export interface Case {
  readonly case: string;
  readonly ok: boolean;
  readonly error?: string;
}

export interface ScriptResult {
  readonly cases: readonly Case[];
  /** What else went wrong; undefined: the script came to its end. */
  readonly fault: string | undefined;
}

/** Of one script; cases.py gives up a little earlier and prints where it hung. */
const scriptMs = 150_000;

const parse = (line: string): Case | { readonly done: number } | undefined => {
  try {
    return JSON.parse(line) as Case | { readonly done: number };
  } catch {
    return undefined;
  }
};

const exitOf = (child: ReturnType<typeof spawn>): Promise<number | string> =>
  new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });

/** Runs a script with these variables and collects its cases. */
export const runScript = async (
  python: string,
  path: string,
  env: Readonly<Record<string, string>>,
): Promise<ScriptResult> => {
  const child = spawn(python, ['-u', '-B', path], {
    env: { PATH: process.env['PATH'] ?? '', PYTHONWARNINGS: 'ignore', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: scriptMs,
    killSignal: 'SIGKILL',
  });
  const cases: Case[] = [];
  const other: string[] = [];
  let done: number | undefined;
  createInterface({ input: child.stderr }).on('line', (line) => other.push(line));
  createInterface({ input: child.stdout }).on('line', (line) => {
    const parsed = parse(line);
    if (parsed === undefined) other.push(line);
    else if ('done' in parsed) done = parsed.done;
    else cases.push(parsed);
  });
  const exit = await exitOf(child);
  const whole = exit === 0 && done === cases.length && cases.length > 0;
  const summary = `${basename(path)} ended with ${exit} after ${cases.length} of ${done ?? 'unknown'} cases`;
  return { cases, fault: whole ? undefined : `${summary}\n${other.join('\n')}` };
};
