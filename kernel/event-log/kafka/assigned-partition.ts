import { setTimeout as pause } from 'node:timers/promises';
import { SluiceError } from '../../errors/sluice-error.ts';
import type { AssignedPartition, Received } from '../event-log.ts';
import { Fetched } from './fetched.ts';
import type { CommitOffset } from './gather-commits.ts';
import { kafkaError, typeOf } from './kafka-error.ts';
import type { GroupMember, OffsetManager } from './mend-group.ts';

/** Batches that are fetched ahead of who works on a partition. */
const batchesAhead = 2;
/** How long a commit is tried again, and how often. */
const commitMs = 30_000;
const commitRestMs = 100;

/** A partition of one generation of a group. */
export interface HeldPartition extends AssignedPartition {
  /** Takes what was fetched. */
  push(messages: readonly Received[]): void;
  /** Aborts the signal. */
  lose(): void;
}

/** Answers to a commit that comes too late: the group has moved on. */
const tooLate = new Set(['ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'REBALANCE_IN_PROGRESS']);

export interface HoldOptions {
  readonly member: GroupMember;
  readonly topic: string;
  readonly partition: number;
  readonly start: bigint;
  readonly maxBatchBytes: number;
  /** Of the generation. */
  readonly commitOffset: CommitOffset;
  /** Whoever waits for something to fetch looks again. */
  readonly wake: () => void;
}

/** What the group has committed of a partition. */
const committedNow = async (
  offsets: OffsetManager,
  { member, topic, partition }: HoldOptions,
): Promise<bigint | undefined> => {
  const coordinator = await offsets.getCoordinator();
  const topics = [{ topic, partitions: [{ partition }] }];
  const { responses } = await coordinator.offsetFetch({ groupId: member.groupId, topics });
  const offset = BigInt(responses[0]?.partitions[0]?.offset ?? -1);
  return offset >= 0n ? offset : undefined;
};

/**
 * Offsets go to the generation in which the partition was assigned: kafkajs would put a late commit under the newest
 * one, which the broker takes although somebody else has the partition.
 */
const commitNow = async ({ topic, partition, commitOffset }: HoldOptions, next: bigint): Promise<boolean> => {
  try {
    await commitOffset(topic, partition, next);
    return true;
  } catch (error) {
    if (tooLate.has(typeOf(error) ?? '')) return false;
    throw kafkaError(error, `commit of ${topic}/${partition}`);
  }
};

/** Tries again while the coordinator is away, until the partition is lost with it; whether it was kept. */
const commitPatiently = async (
  options: HoldOptions,
  { next, signal }: { readonly next: bigint; readonly signal: AbortSignal },
): Promise<boolean> => {
  for (const until = performance.now() + commitMs; ; )
    try {
      return await commitNow(options, next);
    } catch (error) {
      if (signal.aborted) return false;
      const isAway = error instanceof SluiceError && error.code === 'EVENT_LOG_UNAVAILABLE';
      if (!isAway || performance.now() > until) throw error;
      await pause(commitRestMs);
    }
};

export const holdPartition = (options: HoldOptions): HeldPartition => {
  const { member, topic, partition, maxBatchBytes, wake } = options;
  const offsets = member.offsetManager;
  const lost = new AbortController();
  const { signal } = lost;
  const fetched = new Fetched();
  const own = [{ topic, partitions: [partition] }];
  let { start } = options;
  let paused = true;
  let begun = false;
  const resume = (): void => {
    if (signal.aborted || !paused) return;
    paused = false;
    member.resume(own);
    wake();
  };
  const lose = (): void => {
    lost.abort();
    fetched.clear();
    fetched.wake();
  };
  /**
   * kafkajs cannot ask for offsets that no transaction can change any more (KIP-447): whoever opens a transactor before
   * the first batch has ended what was open, and what is asked for now is final.
   */
  const begin = async (): Promise<void> => {
    if (begun) throw new SluiceError('INTERNAL', `batches of ${topic}/${partition} were asked for twice`);
    begun = true;
    start = (await committedNow(offsets, options)) ?? start;
    if (signal.aborted) return;
    offsets.resolveOffset({ topic, partition, offset: `${start - 1n}` });
    resume();
  };
  const batches = async function* (): AsyncGenerator<readonly Received[]> {
    await begin();
    while (!signal.aborted) {
      const batch = fetched.take(maxBatchBytes);
      if (fetched.bytes < maxBatchBytes) resume();
      if (batch.length > 0) yield batch;
      else await fetched.more();
    }
  };
  return {
    topic,
    partition,
    signal,
    get start() {
      return start;
    },
    batches,
    next: () => fetched.first ?? (begun ? BigInt(`${offsets.nextOffset(topic, partition)}`) : start),
    push: (messages) => {
      fetched.push(messages);
      if (paused || fetched.bytes < batchesAhead * maxBatchBytes) return;
      paused = true;
      member.pause(own);
    },
    lose,
    commit: async (next) => {
      if (!signal.aborted && !(await commitPatiently(options, { next, signal }))) lose();
    },
  };
};
