import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { EventLog } from '@sluice/kernel/event-log/event-log';
import { temporaryLog } from '@sluice/kernel/event-log/testing/embedded-log';
import { eventually } from '@sluice/kernel/event-log/testing/eventually';
import { message, sendAll } from '@sluice/kernel/event-log/testing/messages';
import { applyRevision } from '@sluice/kernel/revision/revisions';
import type { Store } from '@sluice/kernel/store/store';
import { temporaryStore } from '@sluice/kernel/testing/temporary-store';
import type { StreamShare } from '@sluice/protos/gen/sluice/v1/StreamShare';
import { keepRunning } from '../keep-running.ts';
import { headersOf } from '../testing/messages.ts';
import type { GatewayLink } from './gateway-link.ts';
import { createScorer, type Scorer } from './start-scorer.ts';
import { contentOf, longMs, quiet, log as quietLog } from './testing/running-stream.ts';
import { type Answer, scored, standInLink } from './testing/stand-ins.ts';

const [source, sink] = ['events.v1', 'scored.v1'];

interface Scoring {
  readonly eventLog: EventLog;
  readonly store: Store;
  readonly scorer: Scorer;
  /** Of the newest report, by stream. */
  shares(): ReadonlyMap<string, StreamShare>;
  apply(streams: readonly Record<string, unknown>[]): Promise<void>;
  feed(from: number, to: number): Promise<void>;
}

interface Settings {
  readonly answer?: Answer;
  readonly notReady?: () => string | undefined;
  /** What the scorer is given for a store. */
  readonly seen?: (store: Store) => Store;
}

/** A scorer with an event log and a store of its own; the gateway is a stand-in. */
const scoring = async (t: Parameters<typeof temporaryLog>[0], settings: Settings = {}): Promise<Scoring> => {
  const { answer = () => scored({ p: 0.5 }), notReady = () => undefined, seen = (store) => store } = settings;
  const { log: eventLog } = await temporaryLog(t);
  const { store } = await temporaryStore(t);
  await eventLog.admin.create([source, sink, 'other.v1'].map((topic) => ({ topic, partitions: 2 })));
  let reported: readonly StreamShare[] = [];
  const link: GatewayLink = {
    ...standInLink(answer),
    report: (streams) => {
      reported = streams;
    },
    notReady,
    [Symbol.asyncDispose]: async () => undefined,
  };
  const scorer = createScorer({
    eventLog: { url: eventLog.url },
    store: seen(store),
    revisionPollMs: 10,
    openLink: () => link,
    scorer: 's-1',
    metricsOf: () => quiet,
    tracer: undefined,
    drainMs: 10_000,
    lagPollMs: 20,
    stallMs: 60_000,
    log: quietLog,
  });
  const backoff = { firstMs: 20, maxMs: 50, goodLifeMs: 30_000 };
  const kept = keepRunning({ ...scorer, name: 'scorer', log: quietLog, backoff });
  t.after(() => kept[Symbol.asyncDispose]());
  return {
    eventLog,
    store,
    scorer,
    shares: () => new Map(reported.map((share) => [share.name ?? '', share])),
    apply: async (streams) => {
      await applyRevision(store, { streams }, { who: 't', why: 't' });
    },
    feed: (from, to) =>
      sendAll(eventLog, {
        topic: source,
        messages: Array.from({ length: to - from }, (_, index) =>
          message(`k${index % 5}`, JSON.stringify({ n: from + index })),
        ),
      }),
  };
};

const stream = { name: 'live', from: source, to: sink, model: 'm', start: 'earliest', pass: ['n'] };

const numbersIn = async (eventLog: EventLog, topic: string, count: number): Promise<number[]> => {
  const received = await contentOf(eventLog, topic, count);
  return received.map(({ value }) => (JSON.parse(String(value)) as { passed: { n: number } }).passed.n);
};

const ascending = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

for (const delivery of ['at-least-once', 'exactly-once'])
  test(`${delivery}: revisions that change a stream under load move it, and nothing is lost or doubled`, async (t) => {
    const { eventLog, apply, feed } = await scoring(t);
    await apply([{ ...stream, delivery }]);
    for (let round = 0; round < 10; round += 1) {
      await feed(round * 100, (round + 1) * 100);
      await apply(round % 3 === 2 ? [] : [{ ...stream, delivery, maxInFlight: 10 + round }]);
    }
    const numbers = await numbersIn(eventLog, sink, 1_000);
    assert.deepEqual(
      numbers.toSorted((a, b) => a - b),
      ascending(1_000),
    );
    for (const key of ascending(5)) {
      const own = numbers.filter((number) => number % 5 === key);
      assert.deepEqual(
        own,
        own.toSorted((a, b) => a - b),
      );
    }
  });

test('a scored event has the id of its place, however often and by whomever it is scored', async (t) => {
  const { eventLog, apply, feed } = await scoring(t);
  await feed(0, 20);
  await apply([stream]);
  const idsOf = async (topic: string): Promise<(string | undefined)[]> =>
    (await contentOf(eventLog, topic, 20)).map((each) => headersOf(each)['ce_id']).sort();
  const ids = await idsOf(sink);
  assert.equal(new Set(ids).size, 20);
  await apply([stream, { ...stream, name: 'live-2', to: 'other.v1' }]);
  const others = await idsOf('other.v1');
  assert.equal(new Set([...ids, ...others]).size, 40);
});

test('a stream that cannot run says why, and hurts no other one', async (t) => {
  const { eventLog, apply, feed, shares, scorer } = await scoring(t, {
    answer: (_, { model }) => {
      if (model === 'away') throw new SluiceError('MODEL_NOT_FOUND', 'there is no model away');
      return scored();
    },
  });
  await feed(0, 50);
  await apply([
    { ...stream, name: 'a', from: 'missing.v1' },
    { ...stream, name: 'b', filter: 'n >' },
    { ...stream, name: 'c', model: 'away' },
    stream,
  ]);
  await numbersIn(eventLog, sink, 50);
  const errorOf = (name: string): string => shares().get(name)?.lastError ?? '';
  await eventually(
    'all reasons',
    () =>
      /no source topic missing.v1/.test(errorOf('a')) && errorOf('b') !== '' && /no model/.test(errorOf('c')),
    longMs,
  );
  await eventually('the good one', () => shares().get('live')?.state === 'RUNNING', longMs);
  for (const name of ['a', 'b', 'c']) assert.equal(shares().get(name)?.state, 'WAITING');
  assert.equal(scorer.waitsFor(), undefined);
  const own = shares().get('live')?.partitions ?? [];
  assert.deepEqual([...new Set(own.map((each) => each.scorer))], ['s-1']);
  await eventually(
    'no lag',
    () => (shares().get('live')?.partitions ?? []).every(({ lagMessages }) => lagMessages === 0),
    longMs,
  );
});

test('while the store is away the streams go on, and an invalid revision changes nothing', async (t) => {
  let isAway = false;
  const { eventLog, store, apply, feed } = await scoring(t, {
    seen: (given) => ({
      ...given,
      files: async (folder) => {
        if (isAway) throw new SluiceError('STORE_UNAVAILABLE', 'the store is away');
        return given.files(folder);
      },
    }),
  });
  await apply([stream]);
  await feed(0, 10);
  await numbersIn(eventLog, sink, 10);
  isAway = true;
  await feed(10, 20);
  await numbersIn(eventLog, sink, 20);
  await store.create('_revisions/000002.yaml', Buffer.from('streams: 7'));
  isAway = false;
  await feed(20, 30);
  assert.deepEqual(
    (await numbersIn(eventLog, sink, 30)).toSorted((a, b) => a - b),
    ascending(30),
  );
  await apply([{ ...stream, to: 'other.v1' }]);
  const isMoved = async (): Promise<boolean> => {
    await feed(30, 31);
    return (await eventLog.admin.ranges('other.v1')).some(({ next }) => next > 0n);
  };
  await eventually('the new sink', isMoved, longMs);
});

test('a scorer that reaches no gateway is not ready where it has something to do', async (t) => {
  const { apply, scorer } = await scoring(t, { notReady: () => 'no gateway is ready' });
  assert.equal(scorer.waitsFor(), undefined);
  await apply([stream]);
  await eventually('the word', () => scorer.waitsFor() === 'no gateway is ready', longMs);
});
