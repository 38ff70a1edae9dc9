import { runCli } from '../program.ts';

export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly environment?: NodeJS.ProcessEnv;
  readonly isInteractive?: boolean;
  readonly input?: string;
  /** What is typed when the command asks. */
  readonly answer?: string;
}

/** Runs a command line inside the test, with a terminal of its own. */
export const runSluice = async (args: readonly string[], options: RunOptions = {}): Promise<Outcome> => {
  const { environment = {}, isInteractive = false, input = '', answer = '' } = options;
  let stdout = '';
  let stderr = '';
  const exitCode = await runCli(
    args,
    {
      environment,
      isInteractive,
      print: (text) => {
        stdout += text;
      },
      printError: (text) => {
        stderr += text;
      },
      ask: async (question) => {
        stderr += question;
        return answer;
      },
      readInput: async () => input,
    },
    '9.9.9',
  );
  return { exitCode, stdout, stderr };
};
