import type { EventLogAdmin } from '@sluice/kernel/event-log/event-log';

/** Where a replay ends, by `topic/partition`. */
export type ReplayEnds = ReadonlyMap<string, bigint>;

/** Events before a time are replayed. */
export const findEnds = async (
  admin: Pick<EventLogAdmin, 'offsetsAt'>,
  topics: readonly string[],
  untilMs: number,
): Promise<ReplayEnds> => {
  const ends = await Promise.all(topics.map((topic) => admin.offsetsAt(topic, untilMs)));
  return new Map(ends.flat().map(({ topic, partition, offset }) => [`${topic}/${partition}`, offset]));
};

/** Whether a group has committed all that lies before the ends. */
export const isAtEnd = async (
  admin: Pick<EventLogAdmin, 'ranges' | 'committed'>,
  group: string,
  ends: ReplayEnds,
): Promise<boolean> => {
  const topics = new Set([...ends.keys()].map((place) => place.slice(0, place.lastIndexOf('/'))));
  for (const topic of topics) {
    const [ranges, committed] = await Promise.all([admin.ranges(topic), admin.committed(group, topic)]);
    for (const { partition, first } of ranges) {
      const end = ends.get(`${topic}/${partition}`) ?? 0n;
      const next = committed.find((each) => each.partition === partition)?.offset ?? first;
      if (next < end) return false;
    }
  }
  return true;
};
