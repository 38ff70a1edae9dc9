import { Command } from 'commander';
import type { GlobalOptions } from '../../options.ts';
import type { Terminal } from '../../terminal.ts';
import { editSettings, refuse, storeFor } from '../edit-settings.ts';

/** `sluice alias remove MODEL ALIAS` */
export const removeCommand = (terminal: Terminal): Command =>
  new Command('remove')
    .description('take an alias away, in a new revision; who asks for it is refused from then on')
    .argument('<model>')
    .argument('<alias>')
    .option('--why <text>', 'the reason, kept in the revision', '')
    .action(
      async (model: string, alias: string, { why }: { why: string }, command: Command): Promise<void> => {
        const options = command.optsWithGlobals<GlobalOptions>();
        await editSettings(terminal, options, storeFor(options, terminal), {
          model,
          why,
          done: `${model} has no alias ${alias}`,
          edit: (settings) => {
            const { [alias]: gone, ...aliases } = settings.aliases;
            if (gone === undefined) {
              const known = Object.keys(aliases).join(', ') || 'none';
              throw refuse('ALIAS_NOT_FOUND', `${model} has no alias ${alias}; there are: ${known}`);
            }
            if (settings.default === alias)
              throw refuse('ALIAS_IN_USE', `${alias} is the default of ${model}: give it another one first`);
            return { ...settings, aliases };
          },
        });
      },
    );
