import { Command } from 'commander';
import { type GlobalOptions, gatewayOf, outputOf } from '../../options.ts';
import { formatStreams } from '../../output/stream-tables.ts';
import { askStreams } from '../../streams/ask-streams.ts';
import type { Terminal } from '../../terminal.ts';

/** `sluice streams list` */
export const listCommand = (terminal: Terminal): Command =>
  new Command('list')
    .description('the streams of the revision in force')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const { body, streams } = await askStreams(gatewayOf(options, terminal));
      const isJson = outputOf(options, terminal) === 'json';
      terminal.print(isJson ? `${JSON.stringify(body, null, 2)}\n` : formatStreams(streams));
    });
