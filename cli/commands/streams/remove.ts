import { Command } from 'commander';
import { type GlobalOptions, outputOf } from '../../options.ts';
import { removeStream } from '../../streams/edit-streams.ts';
import type { Terminal } from '../../terminal.ts';
import { storeFor } from '../edit-settings.ts';

/** `sluice streams remove NAME` */
export const removeCommand = (terminal: Terminal): Command =>
  new Command('remove')
    .description('let a stream end, in a new revision; its place stays, should it come back')
    .argument('<name>')
    .option('--why <text>', 'the reason, kept in the revision', '')
    .action(async (name: string, { why }: { why: string }, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const revision = await removeStream(storeFor(options, terminal), name, why);
      const isJson = outputOf(options, terminal) === 'json';
      terminal.print(
        isJson
          ? `${JSON.stringify(revision, null, 2)}\n`
          : `there is no stream ${name} any more (revision ${revision.revision})\n`,
      );
    });
