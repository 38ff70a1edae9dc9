import assert from 'node:assert/strict';
import type { Received } from '@sluice/kernel/event-log/event-log';
import { newName, newTopic } from '@sluice/kernel/event-log/testing/messages';
import { editRevision } from '@sluice/kernel/revision/edit-revision';
import { type StreamSettings, streamSettings } from '@sluice/kernel/revision/stream-settings';
import type { Store } from '@sluice/kernel/store/store';
import type { ScoredEvent__Output } from '@sluice/protos/gen/sluice/v1/ScoredEvent';
import { waitFor } from '../../support/wait-for.ts';
import { contentOf, longMs } from './topics.ts';
import type { StreamsWorld } from './world.ts';

export interface TestStream extends StreamSettings {
  readonly from: string;
}

type Given = Partial<Omit<StreamSettings, 'from'>> & { readonly model: string };

const by = { who: 'tests', why: '' };

/** Makes the revision's streams others. */
export const editStreams = (
  store: Store,
  edit: (streams: readonly StreamSettings[]) => StreamSettings[],
): Promise<unknown> => editRevision(store, (content) => ({ ...content, streams: edit(content.streams) }), by);

/** A stream from the first event on, of topics that it has for itself; in no revision yet. */
export const newStream = async (
  { log }: Pick<StreamsWorld, 'log'>,
  given: Given,
  partitions = 1,
): Promise<TestStream> => {
  const from = await newTopic(log, partitions);
  const to = given.to ?? (await newTopic(log, partitions));
  const settings = streamSettings.parse({ name: newName('s'), start: 'earliest', ...given, from, to });
  return { ...settings, from };
};

export const addStreams = (store: Store, ...added: readonly StreamSettings[]): Promise<unknown> =>
  editStreams(store, (streams) => [
    ...streams.filter(({ name }) => !added.some((each) => each.name === name)),
    ...added,
  ]);

export const removeStreams = (
  store: Store,
  ...removed: readonly Pick<StreamSettings, 'name'>[]
): Promise<unknown> =>
  editStreams(store, (streams) => streams.filter(({ name }) => !removed.some((each) => each.name === name)));

/** Makes a stream, puts it in force, and lets it go with the stack. */
export const runStream = async (
  world: StreamsWorld,
  stack: AsyncDisposableStack,
  given: Given,
  partitions = 1,
): Promise<TestStream> => {
  const stream = await newStream(world, given, partitions);
  await addStreams(world.store, stream);
  stack.defer(async () => {
    await removeStreams(world.store, stream);
  });
  return stream;
};

export const groupOf = ({ name }: Pick<StreamSettings, 'name'>): string => `sluice.scorer.${name}`;

/** What a stream has committed of its source, by partition. */
export const committedOf = async (
  { log }: Pick<StreamsWorld, 'log'>,
  stream: TestStream,
): Promise<ReadonlyMap<number, bigint>> => {
  const positions = await log.admin.committed(groupOf(stream), stream.from);
  return new Map(positions.map(({ partition, offset }) => [partition, offset]));
};

/** Waits until a stream has committed all that its source holds. */
export const untilDone = (world: Pick<StreamsWorld, 'log'>, stream: TestStream): Promise<true> =>
  waitFor(
    `${stream.name} to commit all events`,
    async () => {
      const ranges = await world.log.admin.ranges(stream.from);
      const committed = await committedOf(world, stream);
      return ranges.every(({ partition, next }) => next === 0n || (committed.get(partition) ?? 0n) >= next);
    },
    longMs,
  );

/** A scored event as its topic has it: proto3 JSON leaves out what holds its default. */
export type Scored = Partial<Omit<ScoredEvent__Output, 'prediction' | 'passed' | 'source'>> & {
  readonly predictionId: string;
  readonly prediction?: { readonly outputs: Readonly<Record<string, unknown>> };
  readonly passed?: Readonly<Record<string, unknown>>;
  readonly source: { readonly topic: string; readonly partition?: number; readonly offset: string };
};

export const scoredOf = ({ value }: Pick<Received, 'value'>): Scored => JSON.parse(String(value)) as Scored;

/** All that came of the events of a stream until now, when it is done with them. */
export const outcomeOf = async (
  world: Pick<StreamsWorld, 'log'>,
  stream: TestStream,
): Promise<readonly Received[]> => {
  await untilDone(world, stream);
  return contentOf(world.log, stream.to);
};

/** Where the event lies that something came of. */
export const placeOf = (message: Pick<Received, 'value'>): string => {
  const { topic, partition = 0, offset } = scoredOf(message).source;
  return `${topic}/${partition}/${offset}`;
};

/** What `sluice …` prints as JSON. */
export const typed = async <T>(
  { command }: Pick<StreamsWorld, 'command'>,
  ...args: readonly string[]
): Promise<T> => {
  const { exitCode, stdout, stderr } = await command(...args);
  assert.deepEqual([exitCode, stderr], [0, '']);
  return JSON.parse(stdout) as T;
};
