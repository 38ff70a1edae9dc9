import type { Received } from '@sluice/kernel/event-log/event-log';
import { Command } from 'commander';
import { CommandFailure, exitCodes, usageFailure } from '../../command-failure.ts';
import { idOf, type LetterPlace, letterOf, placeOf } from '../../dead-letters/letter.ts';
import { messageLine } from '../../event-log/message-json.ts';
import { eventLogOption, type LogOptions, openLog } from '../../event-log/open-log.ts';
import { endsOf, type ReadOptions, readTopic } from '../../event-log/read-topic.ts';
import { interruptible } from '../../interruptible.ts';
import { outputOf } from '../../options.ts';
import { formatLetter } from '../../output/dead-letters.ts';
import type { Terminal } from '../../terminal.ts';

/** Reads no more of the topic than it needs to. */
const find = async (
  { log, stop }: Pick<ReadOptions, 'log' | 'stop'>,
  { topic, partition, offset }: LetterPlace,
): Promise<Received | undefined> => {
  const end = (await endsOf(log, topic)).get(partition) ?? 0n;
  if (offset >= end) return undefined;
  const ends = new Map([[partition, offset + 1n]]);
  for await (const message of readTopic({ log, topic, from: { offset }, ends, stop }))
    if (message.offset === offset) return message;
  return undefined;
};

/** `sluice dead-letters show LETTER` */
export const showCommand = (terminal: Terminal): Command =>
  new Command('show')
    .description('one dead letter whole: the reason, its headers and its value')
    .argument('<letter>', 'as list calls it: TOPIC-PARTITION-OFFSET')
    .addOption(eventLogOption())
    .action(async (id: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<LogOptions>();
      const place = placeOf(id);
      if (place === undefined) throw usageFailure(`expected TOPIC-PARTITION-OFFSET, got '${id}'`);
      await using log = await openLog(options, terminal);
      const found = await interruptible((stop) => find({ log, stop }, place));
      if (found === undefined)
        throw new CommandFailure(`there is no letter ${idOf(place)}, or not any more`, {
          code: 'LETTER_NOT_FOUND',
          exitCode: exitCodes.failed,
        });
      const isJson = outputOf(options, terminal) === 'json';
      terminal.print(isJson ? `${messageLine(found)}\n` : formatLetter(letterOf(found)));
    });
