import assert from 'node:assert/strict';
import type { Received } from '@sluice/kernel/event-log/event-log';
import { newName, newTopic } from '@sluice/kernel/event-log/testing/messages';
import { editRevision } from '@sluice/kernel/revision/edit-revision';
import { type StreamSettings, streamSettings } from '@sluice/kernel/revision/stream-settings';
import type { Store } from '@sluice/kernel/store/store';
import { waitFor } from '../../support/wait-for.ts';
import { contentOf, headersOf, longMs } from './topics.ts';
import type { StreamsWorld } from './world.ts';

export interface TestStream extends StreamSettings {
  readonly from: string;
}

type Given = Partial<Omit<StreamSettings, 'from'>> & { readonly model: string };

const by = { who: 'tests', why: '' };

/** Makes the revision's streams others. */
const editStreams = (
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
export interface Scored {
  readonly predictionId: string;
  readonly stream: string;
  readonly entityId?: string;
  readonly release: { readonly name: string; readonly version: string; readonly digest: string };
  readonly prediction?: { readonly outputs: Readonly<Record<string, unknown>> };
  readonly refusal?: { readonly code: string; readonly message: string };
  readonly passed?: Readonly<Record<string, unknown>>;
  readonly eventTime: string;
  readonly source: { readonly topic: string; readonly partition?: number; readonly offset: string };
}

export const scoredOf = ({ value }: Pick<Received, 'value'>): Scored => JSON.parse(String(value)) as Scored;

const isFirst = (message: Received, at: number, all: readonly Received[]): boolean =>
  all.findIndex((each) => headersOf(each)['ce_id'] === headersOf(message)['ce_id']) === at;

/**
 * All that came of the events of a stream until now, when it is done with them. A machine that stands still for seconds
 * makes a group deal its partitions anew; what at-least-once then writes once more is left out.
 */
export const outcomeOf = async (
  world: Pick<StreamsWorld, 'log'>,
  stream: TestStream,
): Promise<readonly Received[]> => {
  await untilDone(world, stream);
  const all = await contentOf(world.log, stream.to);
  return stream.delivery === 'exactly-once' ? all : all.filter(isFirst);
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
