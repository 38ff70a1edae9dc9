import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventLog, Position } from '../../event-log.ts';
import { collect, valuesOf } from '../collect.ts';
import { eventually } from '../eventually.ts';
import type { LogKind } from '../log-kind.ts';
import { newName, newTopic, numbered, sendAll } from '../messages.ts';

/** A broker of a busy machine takes its time to deal partitions anew. */
const patienceMs = 60_000;

/** Waits until a group has committed all of a topic. */
const untilDone = (log: EventLog, group: string, topic: string): Promise<void> =>
  eventually(
    `${group} to have committed all`,
    async () => {
      const wanted = (await log.admin.ranges(topic)).filter(({ next }) => next > 0n);
      const done = new Map(
        (await log.admin.committed(group, topic)).map((each) => [each.partition, each.offset]),
      );
      return wanted.every(({ partition, next }) => done.get(partition) === next);
    },
    patienceMs,
  );

export const groupCases = (kind: LogKind): void => {
  test('two groups read the same messages, each all of them', async (t) => {
    const { log } = await kind.open(t);
    const topic = await newTopic(log, 2);
    await using one = await collect(log, { topics: [topic], commit: true });
    await using two = await collect(log, { topics: [topic], commit: true });
    await sendAll(log, { topic, messages: numbered('a', 0, 10) });
    const expected = Array.from({ length: 10 }, (_, index) => `a-${index}`);
    assert.deepEqual(valuesOf(await one.until(10)), expected);
    assert.deepEqual(valuesOf(await two.until(10)), expected);
  });

  test('a group goes on where it committed, whoever consumes for it next', async (t) => {
    const { log, again } = await kind.open(t);
    const topic = await newTopic(log, 2);
    await sendAll(log, { topic, messages: numbered('a', 0, 5, { partition: 1 }) });
    const first = await collect(log, { topics: [topic] });
    await first.until(5);
    await first.partitions.find(({ partition }) => partition === 1)?.commit(3n);
    await first[Symbol.asyncDispose]();
    const expected: Position[] = [{ topic, partition: 1, offset: 3n }];
    assert.deepEqual(await log.admin.committed(first.group, topic), expected);
    await using second = await collect(await again(), {
      topics: [topic],
      group: first.group,
      from: 'latest',
    });
    assert.deepEqual(valuesOf(await second.until(2)), ['a-3', 'a-4']);
    assert.equal(second.partitions.find(({ partition }) => partition === 1)?.start, 3n);
  });

  test('a commit after the signal does nothing', async (t) => {
    const { log } = await kind.open(t);
    const topic = await newTopic(log);
    await sendAll(log, { topic, messages: numbered('a', 0, 5) });
    const first = await collect(log, { topics: [topic] });
    await first.until(5);
    const [partition] = first.partitions;
    await partition?.commit(2n);
    await first[Symbol.asyncDispose]();
    assert.equal(partition?.signal.aborted, true);
    await partition.commit(5n);
    assert.deepEqual(await log.admin.committed(first.group, topic), [{ topic, partition: 0, offset: 2n }]);
  });

  test('what a group committed is forgotten, but not while somebody consumes for it', async (t) => {
    const { log, again } = await kind.open(t);
    const topic = await newTopic(log, 2);
    await sendAll(log, { topic, messages: numbered('a', 0, 5) });
    const first = await collect(log, { topics: [topic], commit: true });
    await untilDone(log, first.group, topic);
    const other = await again();
    await other.admin.forget(first.group);
    assert.notDeepEqual(await log.admin.committed(first.group, topic), []);
    await first[Symbol.asyncDispose]();
    await other.admin.forget(first.group);
    assert.deepEqual(await log.admin.committed(first.group, topic), []);
    await other.admin.forget(newName('group'));
  });

  test('of two consumers of a group each partition has one at a time, and nothing is left out', async (t) => {
    const { log, again } = await kind.open(t);
    const topic = await newTopic(log, 4);
    const group = newName('group');
    const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
    const send = (from: number, to: number) =>
      sendAll(log, { topic, messages: keys.flatMap((key) => numbered(key, from, to)) });
    const first = await collect(log, { topics: [topic], group, commit: true });
    await send(0, 10);
    await first.until(60);
    await untilDone(log, group, topic);
    await using second = await collect(await again(), { topics: [topic], group, commit: true });
    await send(10, 20);
    await untilDone(log, group, topic);
    await first[Symbol.asyncDispose]();
    await send(20, 30);
    await untilDone(log, group, topic);
    await second.untilAssigned(4);
    for (const key of keys) {
      const values = [...first.received, ...second.received].filter((each) => each.key?.toString() === key);
      const seen = new Set(valuesOf(values));
      assert.deepEqual([...seen].sort(), valuesOf(numbered(key, 0, 30)).sort(), key);
    }
  });
};
