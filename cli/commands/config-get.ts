import { listRevisions, type Newest, newestRevision, readRevision } from '@sluice/kernel/revision/revisions';
import { openStore } from '@sluice/kernel/store/open-store';
import type { Store } from '@sluice/kernel/store/store';
import { Command, InvalidArgumentError } from 'commander';
import { stringify } from 'yaml';
import { CommandFailure, exitCodes } from '../command-failure.ts';
import { type GlobalOptions, outputOf, storeOf } from '../options.ts';
import type { Terminal } from '../terminal.ts';

/** `sluice config get`: a revision out of the store, as YAML or JSON. */
export const configGetCommand = (terminal: Terminal): Command =>
  new Command('get')
    .description('the newest revision, or an earlier one')
    .option('--revision <number>', 'its number', parseNumber)
    .action(async ({ revision: number }: { revision?: number }, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const store = openStore(storeOf(options, terminal));
      const { revision, faults } =
        number === undefined ? await newestRevision(store) : await oneRevision(store, number);
      for (const fault of faults) terminal.printError(`sluice: passed over: ${fault}\n`);
      const isJson = outputOf(options, terminal) === 'json';
      terminal.print(isJson ? `${JSON.stringify(revision, null, 2)}\n` : stringify(revision));
    });

const oneRevision = async (store: Store, number: number): Promise<Newest> => {
  if (number !== 0 && !(await listRevisions(store)).includes(number)) {
    throw new CommandFailure(`${store.url} has no revision ${number}`, {
      code: 'REVISION_NOT_FOUND',
      exitCode: exitCodes.failed,
    });
  }
  return { revision: await readRevision(store, number), faults: [] };
};

const parseNumber = (text: string): number => {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError(`expected a number, got '${text}'`);
  return Number(text);
};
