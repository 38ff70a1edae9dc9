import assert from 'node:assert/strict';
import { waitFor } from '../../support/wait-for.ts';
import { deliveries, type StreamPlant } from './plant.ts';
import type { TopicReader } from './read-topics.ts';
import type { StreamTally, Tally } from './tally.ts';

const allMs = 300_000;
const page = 50_000;

/** Ids of the database, and how often each is there. */
const storedIds = async ({ rows }: StreamPlant): Promise<ReadonlyMap<string, number>> => {
  const stored = new Map<string, number>();
  let last = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const found = await rows(
      'select id::text as id, count(*)::int as times from predictions where id > $1 group by id order by id limit $2',
      [last, page],
    );
    for (const { id, times } of found) stored.set(String(id), Number(times));
    if (found.length < page) return stored;
    last = String(found.at(-1)?.['id']);
  }
};

const countStored = async ({ rows }: StreamPlant): Promise<number> =>
  Number((await rows('select count(*)::int as count from predictions'))[0]?.['count']);

const untilAll = (what: string, wanted: number, count: () => Promise<number> | number): Promise<void> =>
  waitFor(`all of ${wanted} ${what}`, async () => (await count()) >= wanted, allMs).then(
    () => undefined,
    async (error: unknown) => {
      throw new Error(`only ${await count()} ${what}`, { cause: error });
    },
  );

/** Whether a stream saw the events that there are, each where it is. */
const assertSame = ({ numbers }: StreamTally, { source }: Tally): void => {
  for (const [partition, row] of source.entries()) assert.deepEqual(numbers[partition], row);
};

const idsOf = (streams: readonly StreamTally[]): string[] => streams.flatMap(({ ids }) => ids.flat());

/** Records in their topic, and rows: of each scored event one, and of nothing else. */
const assertRecorded = async (plant: StreamPlant, tally: Tally): Promise<void> => {
  const all = deliveries.map((delivery) => tally.streams[delivery]);
  const ids = idsOf(all);
  assert.equal(new Set(ids).size, ids.length, 'an id is there for two events');
  const missing = () => ids.filter((id) => !tally.records.has(id)).length;
  await untilAll('records in their topic', ids.length, () => tally.records.size);
  assert.equal(missing(), 0, 'scored events have no record in the topic');
  assert.equal(tally.records.size, ids.length, 'records are there of what was not scored');
  const twice = idsOf([tally.streams['exactly-once']]).filter((id) => tally.records.get(id) !== 1);
  assert.deepEqual(twice, [], 'exactly once: records that are there twice');
  await untilAll('rows', ids.length, () => countStored(plant).catch(() => 0));
  const stored = await storedIds(plant);
  assert.equal(stored.size, ids.length);
  assert.deepEqual(
    ids.filter((id) => stored.get(id) !== 1),
    [],
    'rows',
  );
};

export interface Counted {
  readonly events: number;
  /** More than one scored event of an event, at least once. */
  readonly repeated: number;
}

/**
 * Waits until both streams have scored all events, and holds what a reader of committed messages sees against the events:
 * each is there exactly once, or at least once, in order, and is recorded exactly once.
 */
export const assertScored = async (plant: StreamPlant, { tally, toEnd }: TopicReader): Promise<Counted> => {
  await toEnd(allMs);
  const { events, streams } = tally;
  for (const delivery of deliveries) {
    const stream = streams[delivery];
    await untilAll(`events scored ${delivery}`, events, () => stream.scored);
    assert.deepEqual(stream.faults, [], delivery);
    assertSame(stream, tally);
  }
  await assertRecorded(plant, tally);
  for (const delivery of deliveries) assert.deepEqual(streams[delivery].faults, [], delivery);
  assert.equal(streams['exactly-once'].repeated, 0);
  return { events, repeated: streams['at-least-once'].repeated };
};
