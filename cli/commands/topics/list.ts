import type { EventLog } from '@sluice/kernel/event-log/event-log';
import { Command } from 'commander';
import { eventLogOption, type LogOptions, openLog } from '../../event-log/open-log.ts';
import { outputOf } from '../../options.ts';
import { formatTable } from '../../output/table.ts';
import type { Terminal } from '../../terminal.ts';

interface ListedTopic {
  readonly topic: string;
  readonly partitions: number;
  /** Offsets from the oldest to the next one: on Kafka a few have no message. */
  readonly offsets: number;
}

/** Asked about at once. */
const atOnce = 16;

const describeTopic = async ({ admin }: EventLog, topic: string): Promise<ListedTopic> => {
  const ranges = await admin.ranges(topic);
  const offsets = ranges.reduce((sum, { first, next }) => sum + Number(next - first), 0);
  return { topic, partitions: ranges.length, offsets };
};

const describeTopics = async (log: EventLog): Promise<ListedTopic[]> => {
  const names = (await log.admin.topics()).sort();
  const described: ListedTopic[] = [];
  for (let at = 0; at < names.length; at += atOnce)
    described.push(
      ...(await Promise.all(names.slice(at, at + atOnce).map((name) => describeTopic(log, name)))),
    );
  return described;
};

/** `sluice topics list` */
export const listCommand = (terminal: Terminal): Command =>
  new Command('list')
    .description('all topics, their partitions and how much they hold')
    .addOption(eventLogOption())
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<LogOptions>();
      await using log = await openLog(options, terminal);
      const topics = await describeTopics(log);
      terminal.print(
        outputOf(options, terminal) === 'json'
          ? `${JSON.stringify({ topics }, null, 2)}\n`
          : formatTable(
              ['TOPIC', 'PARTITIONS', 'OFFSETS'],
              topics.map(({ topic, partitions, offsets }) => [topic, `${partitions}`, `${offsets}`]),
            ),
      );
    });
