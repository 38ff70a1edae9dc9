import type { GroupMember } from './mend.ts';

/** Offsets below are words of Kafka's: none, the earliest, the latest. */
const isNumber = (offset: string | undefined): offset is string =>
  offset !== undefined && BigInt(offset) >= 0n;

/** Partitions of which the group has committed nothing. */
const uncommitted = async (
  { groupId, offsetManager, assigned }: GroupMember,
  topics: ReturnType<typeof assigned>,
) => {
  const wanted = topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map((partition) => ({ partition })),
  }));
  const coordinator = await offsetManager.getCoordinator();
  const { responses } = await coordinator.offsetFetch({ groupId, topics: wanted });
  return responses
    .map(({ topic, partitions }) => ({
      topic,
      partitions: partitions
        .filter(({ offset }) => !isNumber(offset))
        .map(({ partition }) => ({ partition })),
    }))
    .filter(({ partitions }) => partitions.length > 0);
};

/**
 * A group that begins with the latest commits where that was: otherwise it would begin later when it is assigned the
 * partition anew, and leave out what came meanwhile.
 */
const commitLatest = async (member: GroupMember): Promise<void> => {
  const fresh = await uncommitted(member, member.assigned());
  if (fresh.length === 0) return;
  const topics = await member.cluster.fetchTopicsOffset(
    fresh.map((each) => ({ ...each, fromBeginning: false })),
  );
  await member.offsetManager.commitOffsets({ topics });
};

/** Where a member reads each of its partitions from. */
export const findStarts = async (
  member: GroupMember,
  from: 'earliest' | 'latest',
): Promise<(topic: string, partition: number) => bigint> => {
  if (from === 'latest') await commitLatest(member);
  await member.offsetManager.resolveOffsets();
  const offsets = member.offsetManager.committedOffsets();
  return (topic, partition) => {
    const offset = offsets[topic]?.[partition];
    return isNumber(offset) ? BigInt(offset) : 0n;
  };
};
