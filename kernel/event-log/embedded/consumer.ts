import type { AssignedPartition, ConsumeOptions, Consumer, Position } from '../event-log.ts';
import { assignPartition, type HeldTopic } from './assigned-partition.ts';
import { checkName } from './offsets.ts';
import type { Parts } from './parts.ts';
import type { Topic } from './topics.ts';

/** How often a lease is prolonged while it lasts. */
const renewals = 3;

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/**
 * Prolongs a lease until it is disposed of, which gives it back; loses it when somebody else took it. A log that cannot
 * be written for a while costs no lease: nobody else can take it then.
 */
const keepLease = (
  { leases, leaseMs }: Parts,
  group: string,
  { topic, epoch, lose }: HeldTopic,
): Disposable => {
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch {
      // What it is was or will be told to whoever sends or commits.
    }
  };
  const renew = (): void => {
    if (!leases.renew(group, topic.name, epoch)) lose();
  };
  const timer = setInterval(() => attempt(renew), leaseMs / renewals);
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
      attempt(() => leases.giveBack(group, topic.name, epoch));
    },
  };
};

/** Waits for the lease of a topic; undefined: the consumer was closed meanwhile. */
const takeLease = async (
  { leases, wake }: Parts,
  group: string,
  topic: string,
  closing: AbortSignal,
): Promise<number | undefined> => {
  while (!closing.aborted) {
    const epoch = leases.take(group, topic);
    if (epoch !== undefined) return epoch;
    await wake.changed(closing);
  }
  return undefined;
};

/** Ends all that a consumer does: because it is closed, or with the reason why it cannot go on. */
interface Ending {
  readonly signal: AbortSignal;
  /** The first reason counts. */
  fail(reason: unknown): void;
}

/** What a work says after it was told to end is of no account: it may well fail for that reason. */
const workOn = async (
  partition: AssignedPartition,
  { work }: ConsumeOptions,
  ending: Ending,
): Promise<void> => {
  try {
    await work(partition);
  } catch (error) {
    if (!partition.signal.aborted) ending.fail(error);
  }
  await aborted(partition.signal);
};

/** Works on all partitions of a topic until the lease is lost or the consumer ends. */
const hold = async (
  parts: Parts,
  options: ConsumeOptions,
  held: HeldTopic,
  ending: Ending,
): Promise<void> => {
  using _ = keepLease(parts, options.group, held);
  const partitions = Array.from({ length: held.topic.partitions }, (_, partition) =>
    assignPartition(parts, options, held, partition),
  );
  await Promise.all(partitions.map((partition) => workOn(partition, options, ending)));
};

const follow = async (
  parts: Parts,
  options: ConsumeOptions,
  topic: Topic,
  { ending, having }: { readonly ending: Ending; readonly having: Set<Topic> },
): Promise<void> => {
  for (;;) {
    const epoch = await takeLease(parts, options.group, topic.name, ending.signal);
    if (epoch === undefined) return;
    const lost = new AbortController();
    const signal = AbortSignal.any([ending.signal, lost.signal]);
    having.add(topic);
    try {
      await hold(parts, options, { topic, epoch, signal, lose: () => lost.abort() }, ending);
    } finally {
      having.delete(topic);
    }
  }
};

/**
 * Of the consumers of a group one has a topic, with all its partitions; the others wait until it gives it back, or is
 * not heard of for as long as a lease lasts.
 * @throws SluiceError INVALID_INPUT for a topic that is not there
 */
export const openConsumer = (parts: Parts, options: ConsumeOptions): Consumer => {
  checkName('group', options.group);
  const topics = [...new Set(options.topics)].map((name) => parts.topics.find(name));
  const closing = new AbortController();
  const having = new Set<Topic>();
  const reasons: unknown[] = [];
  const fail = (reason: unknown): void => {
    reasons.push(reason);
    closing.abort();
  };
  const scope = { ending: { signal: closing.signal, fail }, having };
  const ended = Promise.all(topics.map((topic) => follow(parts, options, topic, scope).catch(fail))).then(
    () => {
      if (reasons.length > 0) throw reasons[0];
    },
  );
  // Who never asks how it ended is not told.
  ended.catch(() => undefined);
  return {
    ended,
    assigned: () => [...having].flatMap(partitionsOf),
    [Symbol.asyncDispose]: async () => {
      closing.abort();
      await ended.catch(() => undefined);
    },
  };
};

const partitionsOf = ({ name, partitions }: Topic): Pick<Position, 'topic' | 'partition'>[] =>
  Array.from({ length: partitions }, (_, partition) => ({ topic: name, partition }));
