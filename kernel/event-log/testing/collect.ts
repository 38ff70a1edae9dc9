import type { AssignedPartition, ConsumeOptions, Consumer, EventLog, Received } from '../event-log.ts';
import { consumeAgain } from './consume-again.ts';
import { eventually } from './eventually.ts';
import { newName } from './messages.ts';

/** A busy machine takes its time, above all where a broker deals partitions. */
const patienceMs = 60_000;

type Options = Partial<ConsumeOptions> & {
  readonly topics: readonly string[];
  /** Whether each batch is committed after it was kept. */
  readonly commit?: boolean;
  /** Whether it is opened anew when it ends by itself. */
  readonly again?: boolean;
};

/** A consumer that keeps what it gets. */
export interface Collector extends AsyncDisposable {
  readonly consumer: Consumer;
  readonly group: string;
  readonly received: Received[];
  /** As they were assigned, those that were taken away too. */
  readonly partitions: AssignedPartition[];
  /** Waits for as many messages; all that came. */
  until(count: number): Promise<readonly Received[]>;
  untilAssigned(partitions: number): Promise<void>;
}

/** Reads from the first message on, with a group of its own, unless it is said otherwise. */
export const collect = async (
  log: EventLog,
  { commit = false, again = false, group = newName('group'), ...given }: Options,
): Promise<Collector> => {
  const received: Received[] = [];
  const partitions: AssignedPartition[] = [];
  const work = async (partition: AssignedPartition): Promise<void> => {
    partitions.push(partition);
    for await (const batch of partition.batches()) {
      received.push(...batch);
      const last = batch.at(-1);
      if (commit && last !== undefined) await partition.commit(last.offset + 1n);
    }
  };
  const options: ConsumeOptions = { from: 'earliest', maxBatchBytes: 100_000, work, ...given, group };
  const consumer = await (again ? consumeAgain(log, options) : log.consume(options));
  return {
    consumer,
    group,
    received,
    partitions,
    until: async (count) => {
      await eventually(`${count} messages`, () => received.length >= count, patienceMs);
      return received;
    },
    untilAssigned: (count) =>
      eventually(
        `${count} partitions`,
        () => consumer.assigned().length === count && partitions.length >= count,
        patienceMs,
      ),
    [Symbol.asyncDispose]: () => consumer[Symbol.asyncDispose](),
  };
};

/** What they say, in their order. */
export const valuesOf = (received: readonly Pick<Received, 'value'>[]): (string | undefined)[] =>
  received.map(({ value }) => value?.toString());

/** All messages of a topic that were committed until now. */
export const readAll = async (log: EventLog, topic: string, count: number): Promise<readonly Received[]> => {
  await using collector = await collect(log, { topics: [topic] });
  return [...(await collector.until(count))];
};
