import type { StartAt } from '@sluice/kernel/event-log/event-log';
import { Command, Option } from 'commander';
import { messageLine } from '../../event-log/message-json.ts';
import { eventLogOption, type LogOptions, openLog } from '../../event-log/open-log.ts';
import { readTopic } from '../../event-log/read-topic.ts';
import { interruptible } from '../../interruptible.ts';
import { wholeNumber } from '../../number-option.ts';
import type { Terminal } from '../../terminal.ts';
import { parseTime } from '../../time-option.ts';

interface ReadOptions extends LogOptions {
  readonly from: StartAt;
  readonly follow?: boolean;
  readonly max?: number;
}

const parseStart = (text: string): StartAt =>
  text === 'earliest' || text === 'latest' ? text : { timeMs: Date.parse(parseTime(text)) };

/** `sluice topics read NAME` */
export const readCommand = (terminal: Terminal): Command =>
  new Command('read')
    .description(
      'print the messages of a topic, one JSON a line: value where it is JSON, else valueBase64; no group goes on by it',
    )
    .argument('<name>')
    .addOption(
      new Option('--from <place>', 'earliest, latest, or a time: RFC 3339, a date, -1h, -7d')
        .argParser(parseStart)
        .default('earliest'),
    )
    .option('--follow', 'wait for what comes, until it is stopped')
    .option('--max <count>', 'at most so many', wholeNumber(1, Number.MAX_SAFE_INTEGER))
    .addOption(eventLogOption())
    .action(async (topic: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<ReadOptions>();
      const { from, follow = false, max = Number.POSITIVE_INFINITY } = options;
      await using log = await openLog(options, terminal);
      await interruptible(async (stop) => {
        let count = 0;
        for await (const message of readTopic({ log, topic, from, follow, stop })) {
          terminal.print(`${messageLine(message)}\n`);
          count += 1;
          if (count >= max) return;
        }
      });
    });
