import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { AssignedPartition, EventLog, Received, StartAt } from '@sluice/kernel/event-log/event-log';

export interface ReadOptions {
  readonly log: EventLog;
  readonly topic: string;
  readonly from: StartAt;
  /** Goes on when there is nothing more to be read, and waits for what comes. */
  readonly follow?: boolean;
  /** Where to end, by partition; not given: where the topic ends when it is begun. */
  readonly ends?: ReadonlyMap<number, bigint>;
  readonly stop: AbortSignal;
}

const maxBatchBytes = 1024 ** 2;
/** Between two looks whether the end was reached: not every offset has a message. */
const lookMs = 20;

/** Where each partition of a topic ends now. */
export const endsOf = async (log: EventLog, topic: string): Promise<ReadonlyMap<number, bigint>> =>
  new Map((await log.admin.ranges(topic)).map(({ partition, next }) => [partition, next]));

interface Brought {
  readonly batch: readonly Received[];
  readonly taken: () => void;
}

/** Hands over one batch of each partition at a time: whoever brings the next one waits until it was taken. */
const createHandover = () => {
  let waiting: Brought[] = [];
  return {
    bring: (batch: readonly Received[]): Promise<void> =>
      new Promise((taken) => {
        waiting.push({ batch, taken });
      }),
    isEmpty: (): boolean => waiting.length === 0,
    take: (): readonly Received[] | undefined => {
      const first = waiting.shift();
      first?.taken();
      return first?.batch;
    },
    /** Nobody takes anything any more, or what was brought will come once more. */
    drop: (): void => {
      for (const { taken } of waiting) taken();
      waiting = [];
    },
  };
};

/** Reading is over where all partitions were read to their ends. */
const isDone = (partitions: ReadonlyMap<number, AssignedPartition>, ends: ReadonlyMap<number, bigint>) =>
  [...ends].every(([partition, end]) => (partitions.get(partition)?.next() ?? -1n) >= end);

/**
 * The messages of a topic, in the order of each partition, for a group of its own that is forgotten at the end.
 * @throws SluiceError INVALID_INPUT for a topic that is not there; EVENT_LOG_UNAVAILABLE; the reason of `stop`
 */
export const readTopic = async function* (options: ReadOptions): AsyncGenerator<Received> {
  const { log, topic, from, follow = false, stop } = options;
  const ends = options.ends ?? (await endsOf(log, topic));
  const group = `sluice.cli.${randomUUID()}`;
  const partitions = new Map<number, AssignedPartition>();
  const handover = createHandover();
  const work = async (partition: AssignedPartition): Promise<void> => {
    partitions.set(partition.partition, partition);
    partition.signal.addEventListener('abort', handover.drop, { once: true });
    for await (const batch of partition.batches()) if (!partition.signal.aborted) await handover.bring(batch);
  };
  let failure: { readonly error: unknown } | undefined;
  await using stack = new AsyncDisposableStack();
  // What is left of the group does no harm, and must not hide why the reading ended.
  stack.defer(() => log.admin.forget(group).catch(() => undefined));
  const consumer = stack.use(await log.consume({ group, topics: [topic], from, maxBatchBytes, work }));
  consumer.ended.catch((error: unknown) => {
    failure = { error };
  });
  /** What was given out: a partition that is dealt anew begins from its start. */
  const given = new Map<number, bigint>();
  const isNew = ({ partition, offset }: Received): boolean => {
    if (offset < (given.get(partition) ?? 0n)) return false;
    given.set(partition, offset + 1n);
    return follow || offset < (ends.get(partition) ?? 0n);
  };
  for (;;) {
    stop.throwIfAborted();
    if (failure !== undefined) throw failure.error;
    const batch = handover.take();
    if (batch !== undefined) yield* batch.filter(isNew);
    else {
      // A batch that a partition has given is on its way here until the next turn.
      await pause(lookMs, undefined, { signal: stop });
      if (!follow && handover.isEmpty() && isDone(partitions, ends)) return;
    }
  }
};
