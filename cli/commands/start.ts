import { Command } from 'commander';
import { CommandFailure } from '../command-failure.ts';
import { loadSupervisor } from './in-checkout.ts';

/** `sluice start`: the processes themselves are not part of the installed command. */
export const startCommand = (): Command =>
  new Command('start')
    .description('run the embedded default in the foreground (in a checkout of the repository)')
    .option('--watch', 'restart a process when its files change', false)
    .action(async ({ watch }: { watch: boolean }) => {
      const { start } = await loadSupervisor();
      const exitCode = await start({ watch });
      // What was wrong has been said.
      if (exitCode !== 0) throw new CommandFailure('', { code: 'STOPPED', exitCode });
    });
