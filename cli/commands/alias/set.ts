import { Command } from 'commander';
import type { GlobalOptions } from '../../options.ts';
import type { Terminal } from '../../terminal.ts';
import { editSettings, refuseBlocked, storeFor, versionInStore } from '../edit-settings.ts';

/** `sluice alias set MODEL ALIAS VERSION` */
export const setCommand = (terminal: Terminal): Command =>
  new Command('set')
    .description('let an alias stand for a release, in a new revision')
    .argument('<model>')
    .argument('<alias>', 'such as champion')
    .argument('<version>', 'an exact version that the store holds')
    .option('--why <text>', 'the reason, kept in the revision', '')
    .action(
      async (
        model: string,
        alias: string,
        wanted: string,
        { why }: { why: string },
        command: Command,
      ): Promise<void> => {
        const options = command.optsWithGlobals<GlobalOptions>();
        const store = storeFor(options, terminal);
        const version = await versionInStore(store, model, wanted);
        const done = `${model} ${alias} is ${version}`;
        await editSettings(terminal, options, store, {
          model,
          why,
          done,
          edit: (settings) => {
            refuseBlocked(settings, model, version);
            const { aliases } = settings;
            if (Object.hasOwn(aliases, alias) && aliases[alias] === version) return settings;
            return { ...settings, aliases: { ...aliases, [alias]: version } };
          },
        });
      },
    );
