import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { Message } from '@sluice/kernel/event-log/event-log';
import { whyNoRecords } from '../support/records.ts';
import { waitFor } from '../support/wait-for.ts';
import type { StreamPlant } from './streams/plant.ts';
import { openStreamWorld, type StreamWorld } from './streams/world.ts';
import { metricOf } from './support/metrics.ts';
import type { Revived } from './support/phoenix.ts';

const longMs = 300_000;

/** What no stream can read, or no model score. */
const poisons: readonly Partial<Message>[] = [
  { value: Buffer.from('not JSON') },
  { value: null },
  { value: Buffer.from([0, 0, 0, 0, 7, 1, 2, 3]) },
  { value: Buffer.from('{"name":"n1"}') },
  { value: Buffer.from('{"name":"n1","number":"seven"}') },
];
const dayMs = 86_400_000;
/** Of events: none, the oldest one, long ago, the day after tomorrow, and later than any date can say. */
const times = [-1, 0, 1_000_000_000_000, Date.now() + 2 * dayMs, 2 ** 52];

let isPoisoned = false;
let isTimeless = false;
const eventOf = (number: number): Partial<Message> => {
  if (isPoisoned && number % 50 === 0) return poisons[(number / 50) % poisons.length] ?? {};
  if (isTimeless && number % 3 === 0) return { timestampMs: times[(number / 3) % times.length] ?? 0 };
  return {};
};

const two = <T>([first, second]: readonly Revived<T>[]): [Revived<T>, Revived<T>] => {
  assert.ok(first && second);
  return [first, second];
};

const retriesOf = async ({ scorers }: StreamPlant): Promise<number> =>
  metricOf(scorers[0]?.running.metrics ?? '', 'sluice_stream_retries_total');

suite('streams whose runtimes and gateways come and go', { skip: whyNoRecords('cluster') }, () => {
  let world: StreamWorld;
  before(async () => {
    world = await openStreamWorld('cluster', {
      runtimes: 2,
      gateways: 2,
      settings: { deadline: '5s' },
      eventOf,
    });
  });
  after(() => world[Symbol.asyncDispose]());

  test('a runtime that stands still: its events go to another one, and wait where there is none', async (t) => {
    const { plant, load } = world;
    const [first, second] = two(plant.runtimes);
    const counted = await world.whileScoring(async () => {
      first.running.signal('SIGSTOP');
      await load.done(load.sent);
      second.running.signal('SIGSTOP');
      const before = await retriesOf(plant);
      // More than may become a dead letter by itself.
      await waitFor('attempts that fail', async () => (await retriesOf(plant)) > before + 30_000, longMs);
      first.running.signal('SIGCONT');
      await load.more(1_000);
      second.running.signal('SIGCONT');
    });
    assert.equal(counted.buried, 0);
    t.diagnostic(JSON.stringify(counted));
  });

  test('a gateway is replaced under its streams, and for a while there is none', async (t) => {
    const { plant, load } = world;
    const [first, second] = two(plant.gateways);
    const counted = await world.whileScoring(async () => {
      first.running.signal('SIGTERM');
      assert.equal(await first.running.exited, 0);
      await load.more(1_000);
      await first.restart();
      await second.kill();
      await load.more(1_000);
      await first.kill();
      const before = await retriesOf(plant);
      await waitFor('attempts that fail', async () => (await retriesOf(plant)) > before, longMs);
      await second.restart();
      await load.more(1_000);
      await first.restart();
    });
    assert.equal(counted.buried, 0);
    t.diagnostic(JSON.stringify(counted));
  });

  test('events that can never be scored disturb none of those around them', async (t) => {
    isPoisoned = true;
    const counted = await world.whileScoring(() => world.load.more(1_000));
    isPoisoned = false;
    assert.ok(counted.buried >= 10);
    t.diagnostic(JSON.stringify(counted));
  });

  test('events whose time is none, long ago, or far ahead are scored and recorded as all others', async (t) => {
    const { buried } = world.reader.tally.streams['exactly-once'];
    isTimeless = true;
    const counted = await world.whileScoring(() => world.load.more(1_000));
    isTimeless = false;
    assert.equal(counted.buried, buried);
    const found = await world.plant.rows(
      'select distinct extract(year from time)::int as year from predictions order by 1',
    );
    const years = found.map(({ year }) => Number(year));
    for (const year of [1970, 2001, 9999]) assert.ok(years.includes(year), `${year} among ${years}`);
    t.diagnostic(JSON.stringify(counted));
  });
});
