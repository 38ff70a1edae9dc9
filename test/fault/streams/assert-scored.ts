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
const assertSame = ({ events }: StreamTally, { source }: Tally): void => {
  for (const [partition, row] of source.entries()) assert.deepEqual(events[partition], row);
};

const idsOf = (streams: readonly StreamTally[]): string[] => streams.flatMap(({ ids }) => ids.flat());

/** Records in their topic, and rows: of each event that a gateway has answered one, and of nothing else. */
const assertRecorded = async (plant: StreamPlant, tally: Tally): Promise<void> => {
  const all = deliveries.map((delivery) => tally.streams[delivery]);
  const ids = idsOf(all);
  assert.equal(new Set(ids).size, ids.length, 'an id is there for two events');
  const wanted = ids.length + all.reduce((sum, { refused }) => sum + refused, 0);
  await untilAll('records in their topic', wanted, () => tally.records.size);
  assert.deepEqual(
    ids.filter((id) => !tally.records.has(id)),
    [],
    'without a record',
  );
  assert.equal(tally.records.size, wanted, 'records');
  const twice = idsOf([tally.streams['exactly-once']]).filter((id) => tally.records.get(id) !== 1);
  assert.deepEqual(twice, [], 'exactly once: records that are there twice');
  await untilAll('rows', wanted, () => countStored(plant).catch(() => 0));
  const stored = await storedIds(plant);
  assert.deepEqual(
    [...stored].filter(([id, times]) => times !== 1 || !tally.records.has(id)),
    [],
    'rows',
  );
  assert.equal(stored.size, wanted);
};

export interface Counted {
  readonly events: number;
  /** What is there more than once of an event, at least once. */
  readonly repeated: number;
  /** Dead letters of either stream. */
  readonly buried: number;
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
    await untilAll(`events scored ${delivery}`, events, () => stream.done);
    assert.deepEqual(stream.faults, [], delivery);
    assertSame(stream, tally);
  }
  await assertRecorded(plant, tally);
  for (const delivery of deliveries) assert.deepEqual(streams[delivery].faults, [], delivery);
  assert.equal(streams['exactly-once'].repeated, 0);
  const [once, atLeast] = deliveries.map((delivery) => streams[delivery].buried);
  assert.equal(once, atLeast);
  return { events, repeated: streams['at-least-once'].repeated, buried: once ?? 0 };
};
