import { setTimeout as pause } from 'node:timers/promises';
import { Command } from 'commander';
import { interruptible } from '../../interruptible.ts';
import { type GlobalOptions, gatewayOf, outputOf } from '../../options.ts';
import { formatStatus } from '../../output/stream-tables.ts';
import { askStreams } from '../../streams/ask-streams.ts';
import type { Terminal } from '../../terminal.ts';

interface OwnOptions {
  readonly watch: boolean;
}

const watchMs = 1_000;
/** Home, and what is below of the screen goes (ECMA-48). */
const clearScreen = '\u001b[H\u001b[J';

/** `sluice streams status [NAME]` */
export const statusCommand = (terminal: Terminal): Command =>
  new Command('status')
    .description('how far streams are, by partition: lag, rate, window, what went wrong last')
    .argument('[name]', 'one stream; none: all')
    .option('-w, --watch', 'again each second, until Ctrl-C; with -o json a line each', false)
    .action(async (name: string | undefined, { watch }: OwnOptions, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const gateway = gatewayOf(options, terminal);
      const isJson = outputOf(options, terminal) === 'json';
      const show = async (): Promise<void> => {
        const { body, streams } = await askStreams(gateway, name);
        if (isJson) terminal.print(`${watch ? JSON.stringify(body) : JSON.stringify(body, null, 2)}\n`);
        else terminal.print(`${watch && terminal.isInteractive ? clearScreen : ''}${formatStatus(streams)}`);
      };
      if (!watch) return show();
      await interruptible(async (signal) => {
        for (;;) {
          await show();
          await pause(watchMs, undefined, { signal });
        }
      });
    });
