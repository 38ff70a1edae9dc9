import { applyDraft } from '@sluice/kernel/revision/streams/apply-draft';
import { openStore } from '@sluice/kernel/store/open-store';
import { Command } from 'commander';
import { parse } from 'yaml';
import { author } from '../author.ts';
import { usageFailure } from '../command-failure.ts';
import { readText } from '../json-input.ts';
import { type GlobalOptions, outputOf, storeOf } from '../options.ts';
import type { Terminal } from '../terminal.ts';

/** `sluice config apply`: writes a draft into the store as the next revision. */
export const configApplyCommand = (terminal: Terminal): Command =>
  new Command('apply')
    .description('make a YAML file the next revision')
    .requiredOption(
      '-f, --file <file>',
      'the draft; - is stdin. With `revision: N` in it, refused unless N is the newest',
    )
    .option('--why <text>', 'the reason, kept in the revision', '')
    .action(async ({ file, why }: { file: string; why: string }, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const draft = parseYaml(await readText(file, terminal), file);
      const store = openStore(storeOf(options, terminal));
      const revision = await applyDraft(store, draft, {
        who: author(),
        why,
      });
      const isJson = outputOf(options, terminal) === 'json';
      terminal.print(
        isJson
          ? `${JSON.stringify(revision, null, 2)}\n`
          : `revision ${revision.revision} is the newest now\n`,
      );
    });

const parseYaml = (text: string, file: string): unknown => {
  try {
    return parse(text);
  } catch (error) {
    throw usageFailure(`${file} is not YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
};
