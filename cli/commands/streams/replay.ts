import type { StreamSettings } from '@sluice/kernel/revision/stream-settings';
import { Command, InvalidArgumentError } from 'commander';
import { interruptible } from '../../interruptible.ts';
import { type GlobalOptions, gatewayOf, outputOf } from '../../options.ts';
import { noProgressBar, showProgressBar } from '../../output/progress-bar.ts';
import { formatStatus } from '../../output/stream-tables.ts';
import { addStream, findStream, removeStream } from '../../streams/edit-streams.ts';
import { replayOf, untilFinished } from '../../streams/replay-stream.ts';
import type { StreamAnswer } from '../../streams/stream-answer.ts';
import type { Terminal } from '../../terminal.ts';
import { parseTime, timeOption } from '../../time-option.ts';
import { storeFor } from '../edit-settings.ts';

interface OwnOptions {
  readonly into: string;
  readonly from: StreamSettings['start'];
  readonly to?: string;
  readonly version?: string;
  readonly detach: boolean;
  readonly why: string;
}

/** `earliest`, an offset of each partition, or a time. */
const startOption = (text: string): StreamSettings['start'] => {
  if (text === 'earliest') return text;
  if (!/^\d+$/.test(text)) return parseTime(text);
  const offset = Number(text);
  if (Number.isSafeInteger(offset)) return { offset };
  throw new InvalidArgumentError(`expected an offset, got '${text}'`);
};

/** `sluice streams replay NAME` */
export const replayCommand = (terminal: Terminal): Command =>
  new Command('replay')
    .description('score past events of a stream once more, into another topic; the stream itself goes on')
    .argument('<name>')
    .requiredOption('--into <topic>', 'where the scored events go')
    .requiredOption(
      '--from <start>',
      'earliest, a time such as 2026-11-20T10:00:00Z or -1h, or an offset of each partition',
      startOption,
    )
    .option('--to <time>', 'events before that time (now)', timeOption)
    .option('--version <selector>', "which release answers (the stream's)")
    .option('--detach', 'do not wait; `sluice streams status` tells, `sluice streams remove` ends it', false)
    .option('--why <text>', 'the reason, kept in the revision', '')
    .action(async (name: string, own: OwnOptions, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const isJson = outputOf(options, terminal) === 'json';
      const store = storeFor(options, terminal);
      const until = own.to ?? new Date().toISOString();
      const wanted = { into: own.into, start: own.from, until, version: own.version };
      let replay = '';
      await addStream(
        store,
        (streams) => {
          const added = replayOf(findStream(name, streams), wanted, Date.now());
          replay = added.name;
          return added;
        },
        own.why || `replay of ${name}`,
      );
      if (own.detach)
        return terminal.print(isJson ? `${JSON.stringify({ name: replay })}\n` : `${replay} was begun\n`);
      using progress = terminal.isInteractive ? showProgressBar('replaying', 'events') : noProgressBar;
      const gateway = gatewayOf(options, terminal);
      try {
        const ended = await interruptible((stop) => untilFinished({ gateway, name: replay, progress, stop }));
        progress[Symbol.dispose]();
        terminal.print(told(ended, isJson));
      } finally {
        await removeStream(store, replay, `the replay of ${name} has ended`);
      }
    });

const told = (stream: StreamAnswer, isJson: boolean): string =>
  isJson ? `${JSON.stringify(stream, null, 2)}\n` : formatStatus([stream]);
