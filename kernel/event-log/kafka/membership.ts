import { setTimeout as pause } from 'node:timers/promises';
import type { ConsumeOptions } from '../event-log.ts';
import { type HeldPartition, holdPartition } from './assigned-partition.ts';
import { gatherCommits } from './gather-commits.ts';
import { findStarts } from './group-start.ts';
import type { GroupHooks, GroupMember } from './mend-group.ts';

/** Kafka's word about a rebalance comes with the answer to a heartbeat. */
export const heartbeatMs = 500;

export interface Membership extends GroupHooks {
  find(topic: string, partition: number): HeldPartition | undefined;
  held(): readonly HeldPartition[];
  /** Takes all partitions away; resolves when the work on them has settled. */
  leaveAll(): Promise<void>;
  /** No work is begun any more. */
  close(): void;
}

/**
 * Without heartbeats the broker would give the partitions to others while the work on them still goes on; that the group
 * is about to change is known, and nothing else that they may say matters here.
 */
const beat = async ({ coordinator, groupId, memberId, generationId }: GroupMember): Promise<void> => {
  if (memberId === null) return;
  await coordinator?.heartbeat({ groupId, memberId, groupGenerationId: generationId }).catch(() => undefined);
};

/** Works on the partitions that a member of a group has, generation after generation. */
export const openMembership = (
  { work, from, maxBatchBytes }: ConsumeOptions,
  fail: (reason: unknown) => void,
): Membership => {
  const held = new Map<string, HeldPartition>();
  const working = new Set<Promise<void>>();
  let closed = false;
  let memberId: string | null = null;
  let wake = Promise.withResolvers<void>();
  const wakeFetch = (): void => {
    wake.resolve();
    wake = Promise.withResolvers();
  };
  /** What a work says after it was told to end is of no account: it may well fail for that reason. */
  const begin = (partition: HeldPartition): void => {
    const settled = (async () => work(partition))()
      .catch((error) => {
        if (!partition.signal.aborted) fail(error);
      })
      .finally(() => working.delete(settled));
    working.add(settled);
  };
  const leaveAll = async (): Promise<void> => {
    for (const partition of held.values()) partition.lose();
    held.clear();
    wakeFetch();
    await Promise.all(working);
  };
  const leaving = async (member: GroupMember): Promise<void> => {
    const left = leaveAll().then(() => true);
    while (!(await Promise.race([left, pause(heartbeatMs, false)]))) await beat(member);
    // After a crash kafkajs comes as somebody else, and the group waits for the one who does not come back.
    member.memberId ??= memberId;
  };
  const joined = async (member: GroupMember): Promise<void> => {
    memberId = member.memberId;
    member.pause(member.assigned());
    const startOf = await findStarts(member, from);
    if (closed) return;
    const commitOffset = gatherCommits(member.offsetManager);
    for (const { topic, partitions } of member.assigned())
      for (const partition of partitions) {
        const start = startOf(topic, partition);
        const options = { member, topic, partition, start, maxBatchBytes, commitOffset, wake: wakeFetch };
        held.set(`${topic} ${partition}`, holdPartition(options));
      }
    for (const partition of held.values()) begin(partition);
  };
  return {
    leaving,
    joined,
    wanted: async (timeoutMs) => {
      await Promise.race([wake.promise, pause(timeoutMs, undefined, { ref: false })]);
    },
    find: (topic, partition) => held.get(`${topic} ${partition}`),
    held: () => [...held.values()],
    leaveAll,
    close: () => {
      closed = true;
    },
  };
};
