import { sameVersion } from '@sluice/kernel/release/version';
import { Command } from 'commander';
import type { GlobalOptions } from '../../options.ts';
import type { Terminal } from '../../terminal.ts';
import { editSettings, refuse, storeFor, versionInStore } from '../edit-settings.ts';

/** `sluice release deprecate MODEL VERSION` */
export const deprecateCommand = (terminal: Terminal): Command =>
  new Command('deprecate')
    .description('let the answers of a release carry a warning; ranges no longer choose it')
    .argument('<model>')
    .argument('<version>', 'an exact version that the store holds')
    .requiredOption('--reason <text>', 'what callers are told')
    .option('--why <text>', 'the reason for the new revision; else the same')
    .action(
      async (
        model: string,
        wanted: string,
        { reason, why = reason }: { reason: string; why?: string },
        command: Command,
      ): Promise<void> => {
        const options = command.optsWithGlobals<GlobalOptions>();
        const store = storeFor(options, terminal);
        const version = await versionInStore(store, model, wanted);
        const done = `${model} ${version} is deprecated: ${reason}`;
        await editSettings(terminal, options, store, {
          model,
          why,
          done,
          edit: (settings) => {
            const known = settings.deprecated.find((each) => sameVersion(each.version, version));
            if (known?.reason === reason) return settings;
            const others = settings.deprecated.filter((each) => each !== known);
            return { ...settings, deprecated: [...others, { version, reason }] };
          },
        });
      },
    );

/** `sluice release undeprecate MODEL VERSION` */
export const undeprecateCommand = (terminal: Terminal): Command =>
  new Command('undeprecate')
    .description('take a deprecation back, in a new revision')
    .argument('<model>')
    .argument('<version>')
    .option('--why <text>', 'the reason, kept in the revision', '')
    .action(
      async (model: string, version: string, { why }: { why: string }, command: Command): Promise<void> => {
        const options = command.optsWithGlobals<GlobalOptions>();
        await editSettings(terminal, options, storeFor(options, terminal), {
          model,
          why,
          done: `${model} ${version} is not deprecated`,
          edit: (settings) => {
            const deprecated = settings.deprecated.filter((each) => !sameVersion(each.version, version));
            if (deprecated.length < settings.deprecated.length) return { ...settings, deprecated };
            const known = settings.deprecated.map((each) => each.version).join(', ') || 'none';
            throw refuse('NOT_DEPRECATED', `${model} ${version} is not deprecated; these are: ${known}`);
          },
        });
      },
    );
