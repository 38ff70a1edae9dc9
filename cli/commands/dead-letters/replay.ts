import { Command } from 'commander';
import { confirm } from '../../confirm.ts';
import { addLetterOptions, filterOf, type LetterOptions } from '../../dead-letters/letter-options.ts';
import {
  planReplay,
  type ReplayOptions,
  type ReplayPlan,
  replayLetters,
} from '../../dead-letters/replay-letters.ts';
import { keptDays, readReplayed, replayedTopic } from '../../dead-letters/replayed-letters.ts';
import { openLog } from '../../event-log/open-log.ts';
import { endsOf } from '../../event-log/read-topic.ts';
import { interruptible } from '../../interruptible.ts';
import { wholeNumber } from '../../number-option.ts';
import { outputOf } from '../../options.ts';
import { noProgressBar, showProgressBar } from '../../output/progress-bar.ts';
import { formatPairs } from '../../output/table.ts';
import type { Terminal } from '../../terminal.ts';

interface OwnOptions extends LetterOptions {
  readonly toTopic?: string;
  readonly max?: number;
  readonly again?: boolean;
  readonly yes?: boolean;
}

const explained = `
Each letter is sent once: in the same transaction its name goes to ${replayedTopic}, where it is kept
for ${keptDays} days. What a filter leaves out can be sent by a later replay. A message that comes back lies behind
all that its topic has by now: order per key does not hold for it.`;

/** `sluice dead-letters replay` */
export const replayCommand = (terminal: Terminal): Command =>
  addLetterOptions(
    new Command('replay')
      .description('send dead letters back, as they were, to the topics that they came from')
      .addHelpText('after', explained),
  )
    .option('--to-topic <name>', 'send all of them here instead')
    .option('--max <count>', 'at most so many', wholeNumber(1, Number.MAX_SAFE_INTEGER))
    .option('--again', 'also those that were sent before')
    .option('--yes', 'without a question')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<OwnOptions>();
      const { plan, sent } = await interruptible((stop) => replay(options, terminal, stop));
      terminal.print(
        outputOf(options, terminal) === 'json'
          ? `${JSON.stringify({ sent, sentBefore: plan.sentBefore, lost: plan.lost }, null, 2)}\n`
          : asTable(plan, sent),
      );
    });

const questionOf = ({ targets, total }: ReplayPlan): string => {
  const each = [...targets].map(([topic, count]) => `${count} to ${topic}`).join(', ');
  return `send ${total} dead letter${total === 1 ? '' : 's'} (${each})?`;
};

const replay = async (options: OwnOptions, terminal: Terminal, stop: AbortSignal) => {
  const filter = filterOf(options);
  await using log = await openLog(options, terminal);
  await using transactor = await log.openTransactor('sluice.dead-letters.replay');
  const given: ReplayOptions = {
    log,
    topic: options.topic,
    filter,
    ends: await endsOf(log, options.topic),
    stop,
    toTopic: options.toTopic,
    transactor,
    replayed: options.again === true ? new Set() : await readReplayed(log, stop),
    max: options.max ?? Number.POSITIVE_INFINITY,
  };
  const plan = await planReplay(given);
  if (plan.total === 0) return { plan, sent: 0 };
  await confirm(terminal, questionOf(plan), options.yes === true);
  using progress = terminal.isInteractive ? showProgressBar('sending', 'dead letters') : noProgressBar;
  return { plan, sent: await replayLetters(given, plan, progress) };
};

const asTable = ({ sentBefore, lost }: ReplayPlan, sent: number): string =>
  formatPairs([
    ['sent', sent],
    ['sent before', sentBefore === 0 ? undefined : sentBefore],
    ['without a topic to go to', lost === 0 ? undefined : lost],
  ]);
