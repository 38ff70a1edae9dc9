import { Command } from 'commander';
import { usageFailure } from '../../command-failure.ts';
import { linesOfFile } from '../../event-log/lines-of-file.ts';
import { type ParseLine, parseMessageLine, parseValueLine } from '../../event-log/message-line.ts';
import { eventLogOption, type LogOptions, openLog } from '../../event-log/open-log.ts';
import { sendLines } from '../../event-log/send-lines.ts';
import { interruptible } from '../../interruptible.ts';
import { numberWithin } from '../../number-option.ts';
import { outputOf } from '../../options.ts';
import { noProgressBar, showProgressBar } from '../../output/progress-bar.ts';
import type { Terminal } from '../../terminal.ts';

interface SendOptions extends LogOptions {
  readonly key?: string;
  readonly messages?: boolean;
  readonly rate?: number;
}

const leastRate = 0.001;
const mostRate = 1_000_000;

const parserOf = ({ key, messages = false }: SendOptions): ParseLine => {
  if (messages && key !== undefined)
    throw usageFailure('--key and --messages: with --messages a line says its key itself');
  return messages ? parseMessageLine : parseValueLine(key);
};

/** `sluice topics send NAME FILE` */
export const sendCommand = (terminal: Terminal): Command =>
  new Command('send')
    .description('send the lines of a file as messages, in their order')
    .argument('<name>')
    .argument('<file>', 'one message a line; - is stdin, which is read whole first')
    .option(
      '--key <field>',
      'which field of the line is the key: a JSON Pointer or a name; none: messages have no key, and go to the partitions in turn',
    )
    .option(
      '--messages',
      'a line is not the value but a message, {"key": …, "headers": {…}, "value": …}, as `topics read` prints it',
    )
    .option('--rate <count>', 'messages a second', numberWithin(leastRate, mostRate))
    .addOption(eventLogOption())
    .action(async (topic: string, path: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<SendOptions>();
      const parse = parserOf(options);
      const { lines, part } = await linesOfFile(path, terminal);
      await using log = await openLog(options, terminal);
      using progress = terminal.isInteractive ? showProgressBar('sending', 'messages') : noProgressBar;
      const onSent = (count: number): void => progress.at(part(), count);
      const sent = await interruptible((stop) =>
        sendLines({ log, topic, lines, parse, rate: options.rate, onSent, stop }),
      );
      const isJson = outputOf(options, terminal) === 'json';
      terminal.print(isJson ? `${JSON.stringify({ topic, sent }, null, 2)}\n` : `${sent} messages sent\n`);
    });
