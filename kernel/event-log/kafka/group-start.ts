import type { StartAt } from '../event-log.ts';
import { offsetBetween } from '../offset-between.ts';
import type { GroupMember } from './mend-group.ts';

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

type Partitions = Awaited<ReturnType<typeof uncommitted>>;
type Places = (topic: string, partition: number) => bigint | undefined;

const ask = async (
  { cluster }: GroupMember,
  partitions: Partitions,
  at: { readonly fromBeginning: boolean; readonly fromTimestamp?: number },
): Promise<Places> => {
  const found = await cluster.fetchTopicsOffset(partitions.map((each) => ({ ...each, ...at })));
  const places = new Map(
    found.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, offset }) => [`${topic} ${partition}`, offset] as const),
    ),
  );
  return (topic, partition) => {
    const offset = places.get(`${topic} ${partition}`);
    return isNumber(offset) ? BigInt(offset) : undefined;
  };
};

/** Where each of these partitions has the place. */
const placesAt = async (
  member: GroupMember,
  partitions: Partitions,
  from: Exclude<StartAt, 'earliest'>,
): Promise<Places> => {
  const latest = await ask(member, partitions, { fromBeginning: false });
  if (from === 'latest') return latest;
  if ('timeMs' in from) {
    // Times below 0 have other meanings in Kafka.
    const fromTimestamp = Math.max(0, Math.floor(from.timeMs));
    const found = await ask(member, partitions, { fromBeginning: false, fromTimestamp });
    return (topic, partition) => found(topic, partition) ?? latest(topic, partition);
  }
  const earliest = await ask(member, partitions, { fromBeginning: true });
  return (topic, partition) =>
    offsetBetween(from.offset, earliest(topic, partition) ?? 0n, latest(topic, partition) ?? 0n);
};

/**
 * A group that begins elsewhere than with the earliest commits where that was: otherwise it would begin later when it is
 * assigned the partition anew, and leave out what came meanwhile.
 */
const commitStart = async (member: GroupMember, from: Exclude<StartAt, 'earliest'>): Promise<void> => {
  const fresh = await uncommitted(member, member.assigned());
  if (fresh.length === 0) return;
  const placeOf = await placesAt(member, fresh, from);
  const topics = fresh.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map(({ partition }) => ({
      partition,
      offset: `${placeOf(topic, partition) ?? 0n}`,
    })),
  }));
  await member.offsetManager.commitOffsets({ topics });
};

/** Where a member reads each of its partitions from. */
export const findStarts = async (
  member: GroupMember,
  from: StartAt,
): Promise<(topic: string, partition: number) => bigint> => {
  if (from !== 'earliest') await commitStart(member, from);
  await member.offsetManager.resolveOffsets();
  const offsets = member.offsetManager.committedOffsets();
  return (topic, partition) => {
    const offset = offsets[topic]?.[partition];
    return isNumber(offset) ? BigInt(offset) : 0n;
  };
};
