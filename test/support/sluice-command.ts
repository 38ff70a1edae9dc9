import { execFile } from 'node:child_process';
import { repository, usualEnv } from './process.ts';

export interface CommandOutcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `sluice …` as a process of its own, with exactly this environment beside the usual one and HOME. */
export const runCommand = (
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CommandOutcome> =>
  new Promise((resolve) => {
    const options = { cwd: repository, env: { ...usualEnv(), HOME: process.env['HOME'] ?? '', ...env } };
    execFile(process.execPath, ['cli/main.ts', ...args], options, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ exitCode, stdout, stderr });
    });
  });
