import type { OffsetManager } from './mend-group.ts';

/** Keeps what is to be read next of a partition; resolves when that, or what was given after it, is kept. */
export type CommitOffset = (topic: string, partition: number, next: bigint) => Promise<void>;

type Offsets = Pick<OffsetManager, 'commitOffsets'>;

const commitsOf = (offsets: Offsets, topic: string): ((partition: number, next: bigint) => Promise<void>) => {
  let gathered = new Map<number, bigint>();
  let gathering: Promise<void> | undefined;
  let last: Promise<void> = Promise.resolve();
  const commit = (): Promise<void> => {
    const partitions = [...gathered].map(([partition, next]) => ({ partition, offset: `${next}` }));
    gathered = new Map();
    gathering = undefined;
    return offsets.commitOffsets({ topics: [{ topic, partitions }] });
  };
  return (partition, next) => {
    gathered.set(partition, next);
    if (gathering === undefined) {
      gathering = last.then(commit);
      last = gathering.catch(() => undefined);
    }
    return gathering;
  };
};

/**
 * Offsets that come while a commit of the same topic is under way go together in the next one. A broker answers the
 * requests of a connection one after the other, and the coordinator of Kafka 4 waits for 5 ms until it writes
 * (group.coordinator.append.linger.ms): of four partitions each would wait for 20 ms.
 */
export const gatherCommits = (offsets: Offsets): CommitOffset => {
  const topics = new Map<string, ReturnType<typeof commitsOf>>();
  return (topic, partition, next) => {
    const commits = topics.get(topic) ?? commitsOf(offsets, topic);
    topics.set(topic, commits);
    return commits(partition, next);
  };
};
