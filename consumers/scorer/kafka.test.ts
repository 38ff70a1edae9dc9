import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { AssignedPartition, EventLog, Received } from '@sluice/kernel/event-log/event-log';
import { collect } from '@sluice/kernel/event-log/testing/collect';
import { eventually } from '@sluice/kernel/event-log/testing/eventually';
import { kafkaLogs } from '@sluice/kernel/event-log/testing/kafka-log';
import { message } from '@sluice/kernel/event-log/testing/messages';
import { openExactlyOnce } from './delivery/exactly-once.ts';
import type { Group } from './delivery/outlet.ts';
import { newSlot } from './partition/slot.ts';
import { groupOf } from './run-stream.ts';
import {
  contentOf,
  feed,
  newStream,
  startStream,
  textsOf,
  untilCommitted,
} from './testing/running-stream.ts';
import { type Answer, scored } from './testing/stand-ins.ts';

const { skip } = kafkaLogs;
const startMs = 120_000;
const numbers = (count: number): string[] => Array.from({ length: count }, (_, index) => `${index}`);
const always: Answer = () => scored();

/** A log whose transactors fail now and then: some after, and some before they have committed. */
const flaky = (log: EventLog): EventLog => {
  let commits = 0;
  return {
    ...log,
    openTransactor: async (id) => {
      const transactor = await log.openTransactor(id);
      return {
        commit: async (transaction) => {
          commits += 1;
          if (commits % 5 === 2) throw new SluiceError('EVENT_LOG_UNAVAILABLE', 'lost before');
          await transactor.commit(transaction);
          if (commits % 5 === 4) throw new SluiceError('EVENT_LOG_UNAVAILABLE', 'lost after');
        },
        [Symbol.asyncDispose]: () => transactor[Symbol.asyncDispose](),
      };
    },
  };
};

const byPartition = (texts: readonly string[], partition: number): string[] =>
  texts.filter((text) => text.startsWith(`${partition}:`));

for (const delivery of ['exactly-once', 'at-least-once'] as const)
  test(`Kafka, ${delivery}: scorers that come and go and commits of which nothing is known lose and double nothing`, {
    skip,
  }, async (t) => {
    const { log, again } = await kafkaLogs.open(t);
    const stream = await newStream(log, { delivery, maxInFlight: 50 });
    const texts = numbers(1_000);
    for (const partition of [0, 1]) await feed(log, stream, texts, { partition });
    const first = startStream(t, flaky(log), stream, always);
    await untilCommitted(log, stream, 100);
    const second = startStream(t, flaky(await again()), stream, always);
    await untilCommitted(log, stream, 600);
    await first[Symbol.asyncDispose]();
    await untilCommitted(log, stream, 2_000);
    await second[Symbol.asyncDispose]();
    await using collector = await collect(log, { topics: [stream.to] });
    const sunk = (): string[] => textsOf(collector.received);
    await eventually('all events', () => new Set(sunk()).size === 2_000, startMs);
    for (const partition of [0, 1]) {
      const own = byPartition(sunk(), partition);
      const seen = delivery === 'exactly-once' ? own : [...new Set(own)];
      assert.deepEqual(
        seen,
        texts.map((text) => `${partition}:${text}:${text}`),
      );
    }
  });

test('Kafka: a replay of what was written in transactions ends, although their ends are no messages', {
  skip,
}, async (t) => {
  const { log } = await kafkaLogs.open(t);
  const stream = await newStream(log, { delivery: 'exactly-once' });
  const topic = stream.from[0] ?? '';
  await using transactor = await log.openTransactor(`${stream.name}-feed`);
  for (const text of numbers(5))
    await transactor.commit({ messages: [{ topic, messages: [message('k', text, { partition: 0 })] }] });
  const replay = { ...stream, name: `${stream.name}-r`, replayOf: stream.name, untilMs: Date.now() + 60_000 };
  const { status } = startStream(t, log, replay, always);
  await eventually('the end', () => status.state === 'FINISHED', startMs);
  assert.equal((await contentOf(log, stream.to, 5)).length, 5);
  const live = startStream(t, log, stream, always);
  const isDone = (): boolean => {
    const own = live.status.share('s', Date.now()).partitions ?? [];
    const all = own.reduce((sum, each) => sum + Number(each.scored), 0);
    return all === 5 && own.every(({ lagMessages }) => lagMessages === 0);
  };
  await eventually('no lag', isDone, startMs);
});

const received = (topic: string, offset: number): Received => ({
  topic,
  partition: 0,
  offset: BigInt(offset),
  key: Buffer.from('k'),
  value: Buffer.from(`${offset}`),
  headers: [],
  timestampMs: 1,
});

const groupOfEvents = (topic: string, from: number, to: number): Group => ({
  slots: Array.from({ length: to - from }, (_, index) => {
    const slot = newSlot(received(topic, from + index), 0);
    slot.result = { outcome: 'scored', scored: message('k', `${from + index}`, { partition: 0 }) };
    return slot;
  }),
  next: BigInt(to),
});

test('Kafka: who stood still and comes back is fenced, and nothing of it is kept', { skip }, async (t) => {
  const { log, again } = await kafkaLogs.open(t);
  const stream = await newStream(log, { delivery: 'exactly-once' });
  const topic = stream.from[0] ?? '';
  const partition = { topic, partition: 0, start: 0n } as AssignedPartition;
  const group = groupOf(stream);
  await using zombie = await openExactlyOnce({ eventLog: log, stream, headers: [], group, partition });
  assert.equal(zombie.start, 0n);
  await zombie.write(groupOfEvents(topic, 0, 3));
  await using owner = await openExactlyOnce({
    eventLog: await again(),
    stream,
    headers: [],
    group,
    partition,
  });
  assert.equal(owner.start, 3n);
  await assert.rejects(zombie.write(groupOfEvents(topic, 3, 5)), { code: 'FENCED' });
  await owner.write(groupOfEvents(topic, 3, 6));
  assert.deepEqual(textsOf(await contentOf(log, stream.to, 6)), numbers(6));
  // Opened anew it would see that all of this is stored, and fence the owner in its turn.
  await zombie.write(groupOfEvents(topic, 3, 5));
  await assert.rejects(owner.write(groupOfEvents(topic, 6, 7)), { code: 'FENCED' });
  assert.deepEqual(textsOf(await contentOf(log, stream.to, 6)), numbers(6));
});
