import { createRequire } from 'node:module';
import { type FetchedPartition, hideAborted } from './hide-aborted.ts';
import { mendProduce } from './mend-produce.ts';

/**
 * What of kafkajs 2.2.4 cannot be mended from outside is replaced on its classes, once, here. The project has had no
 * release since 2023 (https://github.com/tulios/kafkajs/issues/1753); the version is pinned, and what is touched here
 * is covered by the tests of this folder.
 */
const require = createRequire(import.meta.url);

interface RequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}

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

/**
 * On Node 24 each connection warned of a negative timer; with nothing pending none is needed
 * (https://github.com/tulios/kafkajs/issues/1751).
 */
const mendTimer = (): void => {
  const { prototype } = require('kafkajs/src/network/requestQueue') as { prototype: RequestQueue };
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function () {
    if (this.pending.length > 0) schedule.call(this);
  };
};

/**
 * There is no event that a consumer could hold up while its partitions are taken away, and while all of them are
 * paused it sleeps without being told of one that is resumed (https://github.com/tulios/kafkajs/issues/1732).
 */
const mendGroup = (): void => {
  const { prototype } = require('kafkajs/src/consumer/consumerGroup') as { prototype: GroupMember };
  const { joinAndSync, fetch } = prototype;
  prototype.joinAndSync = async function () {
    const hooks = hooksOf(this);
    await hooks?.leaving(this);
    await joinAndSync.call(this);
    await hooks?.joined(this);
  };
  const isIdle = (member: GroupMember): boolean =>
    Object.values(member.getActiveTopicPartitions()).every(({ size }) => size === 0);
  prototype.fetch = async function (nodeId) {
    const hooks = hooksOf(this);
    if (hooks && isIdle(this)) {
      await hooks.wanted(this.maxWaitTime);
      if (isIdle(this)) return [];
    }
    return fetch.call(this, nodeId);
  };
};

interface Retried {
  readonly name?: string;
  readonly cause?: { readonly retriable?: boolean };
  retriable?: boolean;
}

/** Ways to the brokers, each of which tries some times for itself. */
const ways = [
  'connect',
  'refreshMetadata',
  'refreshMetadataIfNecessary',
  'findBroker',
  'withBroker',
] as const;
type BrokerPool = Record<(typeof ways)[number], (...args: unknown[]) => Promise<unknown>>;

/**
 * While a send is tried again and no broker answers for some seconds, looking for one fails with an error that is
 * never tried again, although its cause would be: the send ended with the first longer absence
 * (https://github.com/tulios/kafkajs/issues/1122 is of the same kind).
 */
const mendAbsence = (): void => {
  const { prototype } = require('kafkajs/src/cluster/brokerPool') as { prototype: BrokerPool };
  for (const way of ways) {
    const original = prototype[way];
    prototype[way] = async function (...args) {
      try {
        return await original.apply(this, args);
      } catch (error) {
        const { name, cause } = error as Retried;
        if (name === 'KafkaJSNumberOfRetriesExceeded' && cause?.retriable)
          (error as Retried).retriable = true;
        throw error;
      }
    };
  }
};

interface FetchResponse {
  readonly responses: readonly { readonly partitions: readonly FetchedPartition[] }[];
}

/** What was aborted was read now and then where several transactions were aborted at a time: hide-aborted.ts. */
const mendAborted = (): void => {
  const { prototype } = require('kafkajs/src/broker') as {
    prototype: { fetch(request: unknown): Promise<FetchResponse> };
  };
  const { fetch } = prototype;
  prototype.fetch = async function (request) {
    const answer = await fetch.call(this, request);
    for (const { partitions } of answer.responses) for (const partition of partitions) hideAborted(partition);
    return answer;
  };
};

const mended = Symbol.for('sluice.kafkajs.mended');

/** Does it once in a process, however often this module is loaded. */
export const mendKafkajs = (): void => {
  const kafkajs = require('kafkajs') as { [mended]?: boolean };
  if (kafkajs[mended]) return;
  kafkajs[mended] = true;
  mendTimer();
  mendGroup();
  mendAbsence();
  mendAborted();
  mendProduce();
};
