import { Command, InvalidArgumentError } from 'commander';
import { eventLogOption, type LogOptions, openLog } from '../../event-log/open-log.ts';
import { wholeNumber } from '../../number-option.ts';
import { outputOf } from '../../options.ts';
import type { Terminal } from '../../terminal.ts';

interface CreateOptions extends LogOptions {
  readonly partitions: number;
  readonly config: Readonly<Record<string, string>>;
}

/** Of Kafka's servers; the embedded log has fewer, and says so. */
const maxPartitions = 100_000;

const collectConfig = (text: string, earlier: Readonly<Record<string, string>>) => {
  const split = text.indexOf('=');
  if (split < 1) throw new InvalidArgumentError(`expected name=value, got '${text}'`);
  return { ...earlier, [text.slice(0, split)]: text.slice(split + 1) };
};

/** `sluice topics create NAME --partitions N` */
export const createCommand = (terminal: Terminal): Command =>
  new Command('create')
    .description('make a topic; one that is there with as many partitions stays as it is')
    .argument('<name>')
    .requiredOption(
      '--partitions <count>',
      'how many; messages of one key lie in one of them',
      wholeNumber(1, maxPartitions),
    )
    .option(
      '--config <name=value>',
      "of Kafka's configuration, such as retention.ms=86400000; may be repeated",
      collectConfig,
      {},
    )
    .addOption(eventLogOption())
    .action(async (topic: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<CreateOptions>();
      const { partitions, config } = options;
      await using log = await openLog(options, terminal);
      await log.admin.create([{ topic, partitions, config }]);
      const isJson = outputOf(options, terminal) === 'json';
      terminal.print(
        isJson
          ? `${JSON.stringify({ topic, partitions }, null, 2)}\n`
          : `${topic} is there, with ${partitions} partition${partitions === 1 ? '' : 's'}\n`,
      );
    });
