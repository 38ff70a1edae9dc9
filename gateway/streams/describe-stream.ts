import { type StreamSettings, streamOf } from '@sluice/kernel/revision/stream-settings';
import type { Stream } from '@sluice/protos/gen/sluice/v1/Stream';
import type { StreamPartition__Output as Partition } from '@sluice/protos/gen/sluice/v1/StreamPartition';
import type { StreamShare__Output as Share } from '@sluice/protos/gen/sluice/v1/StreamShare';

/** What is true of a stream if it is true of any scorer's part of it, the first one that is. */
const anyOf = ['RUNNING', 'WAITING', 'STARTING'];

/** A replay has come to its end when every part of it has. */
const stateOf = (shares: readonly Share[]): string => {
  const states = new Set(shares.map(({ state }) => state));
  return anyOf.find((state) => states.has(state)) ?? (states.has('FINISHED') ? 'FINISHED' : 'UNASSIGNED');
};

type Told = Pick<Share, 'lastError' | 'lastErrorTime'>;

/** RFC 3339 in UTC sorts by time. Where a stream goes on, what one of its scorers waits for is no error. */
const latestError = (told: readonly Told[], state: string): Told => {
  const [latest] = told
    .filter(
      ({ lastError, lastErrorTime }) => lastError !== '' && (state !== 'RUNNING' || lastErrorTime !== ''),
    )
    .toSorted((one, other) => (one.lastErrorTime < other.lastErrorTime ? 1 : -1));
  return { lastError: latest?.lastError ?? '', lastErrorTime: latest?.lastErrorTime ?? '' };
};

const placeOf = ({ topic, partition }: Partition): string => `${topic} ${partition}`;

/** While a partition goes over two scorers tell of it: who is further has it now. */
const furthest = (partitions: readonly Partition[]): Partition => {
  const [first] = partitions.toSorted((one, other) =>
    Number(BigInt(other.committed || 0) - BigInt(one.committed || 0)),
  );
  return first as Partition;
};

const partitionsOf = (shares: readonly Share[]): Partition[] => {
  const reported = Map.groupBy(
    shares.flatMap(({ partitions }) => partitions),
    placeOf,
  );
  return [...reported.values()]
    .map(furthest)
    .toSorted((one, other) =>
      one.topic === other.topic ? one.partition - other.partition : one.topic < other.topic ? -1 : 1,
    );
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** A stream as the revision declares it, with what the scorers that have a part of it say. */
export const describeStream = (settings: StreamSettings, shares: readonly Share[]): Stream => {
  const { name, from, to, model, version, format, delivery, replayOf = '' } = streamOf(settings);
  const partitions = partitionsOf(shares);
  const state = stateOf(shares);
  return {
    name,
    from: [...from],
    to,
    model,
    version,
    format,
    delivery,
    state,
    ...latestError([...shares, ...partitions], state),
    partitions,
    lagMessages: sum(partitions.map(({ lagMessages }) => lagMessages)),
    lagSeconds: Math.max(0, ...partitions.map(({ lagSeconds }) => lagSeconds)),
    rate: sum(partitions.map(({ rate }) => rate)),
    replayOf,
  };
};
