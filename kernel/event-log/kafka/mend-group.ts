import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

interface TopicPartitions {
  readonly topic: string;
  readonly partitions: readonly number[];
}

interface PartitionOffsets {
  readonly topic: string;
  readonly partitions: readonly { readonly partition: number; readonly offset: string }[];
}

interface TopicsOfPartitions {
  readonly topic: string;
  readonly partitions: readonly { readonly partition: number }[];
}

/** Offsets of one generation of a group. */
export interface OffsetManager {
  getCoordinator(): Promise<{
    offsetFetch(request: {
      groupId: string;
      topics: readonly TopicsOfPartitions[];
    }): Promise<{ responses: readonly PartitionOffsets[] }>;
  }>;
  /** Asks for those that are not known. */
  resolveOffsets(): Promise<void>;
  committedOffsets(): Readonly<Record<string, Readonly<Record<number, string>>>>;
  commitOffsets(offsets: { topics: readonly PartitionOffsets[] }): Promise<void>;
  /** The one that is fetched next. */
  nextOffset(topic: string, partition: number): { toString(): string };
  /** This one is read; the next one is fetched next. */
  resolveOffset(position: { topic: string; partition: number; offset: string }): void;
}

/** A member of a group, as kafkajs has it. */
export interface GroupMember {
  readonly groupId: string;
  memberId: string | null;
  readonly generationId: number | null;
  readonly maxWaitTime: number;
  readonly coordinator: { heartbeat(request: Record<string, unknown>): Promise<void> } | null;
  readonly cluster: {
    fetchTopicsOffset(
      topics: readonly (TopicsOfPartitions & { fromBeginning: boolean; fromTimestamp?: number })[],
    ): Promise<readonly PartitionOffsets[]>;
  };
  readonly offsetManager: OffsetManager;
  readonly assigners: readonly Partial<Record<typeof hooksKey, GroupHooks>>[];
  assigned(): readonly TopicPartitions[];
  pause(partitions: readonly TopicPartitions[]): void;
  resume(partitions: readonly TopicPartitions[]): void;
  getActiveTopicPartitions(): Readonly<Record<string, ReadonlySet<number>>>;
  joinAndSync(): Promise<void>;
  fetch(nodeId: string): Promise<unknown[]>;
}

/** What a consumer does between kafkajs's steps. */
export interface GroupHooks {
  /** Before it joins, again or for the first time: until this settles the group waits, for a while. */
  leaving(member: GroupMember): Promise<void>;
  /** It has joined and knows its partitions; nothing is fetched before this settles. */
  joined(member: GroupMember): Promise<void>;
  /** Nothing is to be fetched: resolves when something is, or after a while. */
  wanted(timeoutMs: number): Promise<void>;
}

export const hooksKey = Symbol('hooks of the consumer');

const hooksOf = ({ assigners }: GroupMember): GroupHooks | undefined =>
  assigners.find((assigner) => assigner[hooksKey])?.[hooksKey];

/** kafkajs joins anew when it is told this (Runner.scheduleFetchManager). */
const joinAnew = () =>
  Object.assign(new Error('the partitions were given up, and the group not joined again'), {
    type: 'REBALANCE_IN_PROGRESS',
  });

/**
 * There is no event that a consumer could hold up while its partitions are taken away, and while all of them are
 * paused it sleeps without being told of one that is resumed (https://github.com/tulios/kafkajs/issues/1732). When
 * joining fails it goes on with the partitions that it had: a broker that has forgotten the new deal takes it for a
 * member as before. Here they are given up by then, so that it has to join.
 */
export const mendGroup = (): void => {
  const { prototype } = require('kafkajs/src/consumer/consumerGroup') as { prototype: GroupMember };
  const { joinAndSync, fetch } = prototype;
  const apart = new WeakSet<GroupMember>();
  prototype.joinAndSync = async function () {
    const hooks = hooksOf(this);
    try {
      await hooks?.leaving(this);
      await joinAndSync.call(this);
      await hooks?.joined(this);
      apart.delete(this);
    } catch (error) {
      apart.add(this);
      throw error;
    }
  };
  const isIdle = (member: GroupMember): boolean =>
    Object.values(member.getActiveTopicPartitions()).every(({ size }) => size === 0);
  prototype.fetch = async function (nodeId) {
    const hooks = hooksOf(this);
    if (hooks && apart.has(this)) throw joinAnew();
    if (hooks && isIdle(this)) {
      await hooks.wanted(this.maxWaitTime);
      if (isIdle(this)) return [];
    }
    return fetch.call(this, nodeId);
  };
};
