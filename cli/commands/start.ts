import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { CommandFailure, usageFailure } from '../command-failure.ts';

/** In a checkout the supervisor lies beside this folder, and beside that of the bundle. */
const SUPERVISOR = '../start/start.ts';

/** `sluice start`: the processes themselves are not part of the installed command. */
export const startCommand = (): Command =>
  new Command('start')
    .description('run the embedded default in the foreground (in a checkout of the repository)')
    .option('--watch', 'restart a process when its files change', false)
    .action(async ({ watch }: { watch: boolean }) => {
      if (!existsSync(new URL(SUPERVISOR, import.meta.url))) {
        throw usageFailure('start works only in a checkout of the Sluice repository: there, type npm start');
      }
      const { start } = await import('../start/start.ts');
      const exitCode = await start({ watch });
      // What was wrong has been said.
      if (exitCode !== 0) throw new CommandFailure('', { code: 'STOPPED', exitCode });
    });
