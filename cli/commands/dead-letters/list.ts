import { Command } from 'commander';
import type { Letter } from '../../dead-letters/letter.ts';
import { addLetterOptions, filterOf, type LetterOptions } from '../../dead-letters/letter-options.ts';
import { readLetters } from '../../dead-letters/read-letters.ts';
import { openLog } from '../../event-log/open-log.ts';
import { endsOf } from '../../event-log/read-topic.ts';
import { interruptible } from '../../interruptible.ts';
import { wholeNumber } from '../../number-option.ts';
import { outputOf } from '../../options.ts';
import { formatLetters, letterJson } from '../../output/dead-letters.ts';
import type { Terminal } from '../../terminal.ts';

interface ListOptions extends LetterOptions {
  readonly max: number;
}

/** What is held in memory and shown at once. */
const maxListed = 10_000;
const defaultListed = 100;

/** `sluice dead-letters list` */
export const listCommand = (terminal: Terminal): Command =>
  addLetterOptions(new Command('list').description('dead letters, the oldest of each partition first'))
    .option('--max <count>', 'at most so many', wholeNumber(1, maxListed), defaultListed)
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<ListOptions>();
      const { topic, max } = options;
      const filter = filterOf(options);
      await using log = await openLog(options, terminal);
      const letters: Letter[] = [];
      const ends = await endsOf(log, topic);
      await interruptible(async (stop) => {
        for await (const letter of readLetters({ log, topic, filter, ends, stop }))
          if (letters.push(letter) > max) return;
      });
      const hasMore = letters.length > max;
      const shown = letters.slice(0, max);
      terminal.print(
        outputOf(options, terminal) === 'json'
          ? `${JSON.stringify({ letters: shown.map(letterJson), hasMore }, null, 2)}\n`
          : formatLetters(shown, hasMore),
      );
    });
