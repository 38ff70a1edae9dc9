import { newestRevision } from '@sluice/kernel/revision/revisions';
import { Command } from 'commander';
import { type GlobalOptions, outputOf } from '../../options.ts';
import { formatTable } from '../../output/table.ts';
import type { Terminal } from '../../terminal.ts';
import { storeFor } from '../edit-settings.ts';

interface Alias {
  readonly model: string;
  readonly alias: string;
  readonly version: string;
  readonly isDefault: boolean;
}

/** `sluice alias list [MODEL]` */
export const listCommand = (terminal: Terminal): Command =>
  new Command('list')
    .description('the aliases of all models, or of one, in the newest revision')
    .argument('[model]')
    .action(async (model: string | undefined, _options: unknown, command: Command): Promise<void> => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const { revision, faults } = await newestRevision(storeFor(options, terminal));
      for (const fault of faults) terminal.printError(`sluice: passed over: ${fault}\n`);
      const all: Alias[] = Object.entries(revision.models).flatMap(([name, { aliases, default: chosen }]) =>
        Object.entries(aliases).map(([alias, version]) => ({
          model: name,
          alias,
          version,
          isDefault: chosen === alias,
        })),
      );
      const shown = all.filter((each) => model === undefined || each.model === model);
      const isJson = outputOf(options, terminal) === 'json';
      terminal.print(isJson ? `${JSON.stringify(shown, null, 2)}\n` : asTable(shown));
    });

const asTable = (aliases: readonly Alias[]): string =>
  formatTable(
    ['MODEL', 'ALIAS', 'VERSION', 'DEFAULT'],
    aliases.map(({ model, alias, version, isDefault }) => [model, alias, version, isDefault ? 'yes' : '']),
  );
