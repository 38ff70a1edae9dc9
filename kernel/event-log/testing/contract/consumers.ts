import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { AssignedPartition } from '../../event-log.ts';
import { collect, valuesOf } from '../collect.ts';
import { eventually } from '../eventually.ts';
import type { LogKind } from '../log-kind.ts';
import { message, newName, newTopic, numbered, sendAll } from '../messages.ts';
import { groupCases } from './groups.ts';

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });

export const consumerCases = (kind: LogKind): void => {
  test('a group that begins with the earliest reads what was there before, and what comes later', async (t) => {
    const { log } = await kind.open(t);
    const topic = await newTopic(log);
    await sendAll(log, { topic, messages: numbered('a', 0, 3) });
    await using collector = await collect(log, { topics: [topic] });
    await collector.until(3);
    await sendAll(log, { topic, messages: numbered('a', 3, 5) });
    assert.deepEqual(valuesOf(await collector.until(5)), ['a-0', 'a-1', 'a-2', 'a-3', 'a-4']);
    assert.deepEqual(
      collector.partitions.map(({ partition, start }) => [partition, start]),
      [[0, 0n]],
    );
  });

  test('a group that begins with the latest reads only what comes after it has its partitions', async (t) => {
    const { log } = await kind.open(t);
    const topic = await newTopic(log, 2);
    await sendAll(log, { topic, messages: numbered('a', 0, 3) });
    await using collector = await collect(log, { topics: [topic], from: 'latest' });
    await collector.untilAssigned(2);
    await sendAll(log, { topic, messages: numbered('a', 3, 4) });
    assert.deepEqual(valuesOf(await collector.until(1)), ['a-3']);
  });

  test('many messages of several topics and partitions come once, in the order of each partition', async (t) => {
    const { log } = await kind.open(t);
    const topics = [await newTopic(log, 3), await newTopic(log, 2)];
    for (const topic of topics)
      for (let key = 0; key < 20; key += 1)
        await sendAll(log, { topic, messages: numbered(`k${key}`, 0, 100) });
    await using collector = await collect(log, { topics, commit: true });
    const received = await collector.until(4_000);
    const places = Map.groupBy(received, ({ topic, partition }) => `${topic} ${partition}`);
    for (const [place, own] of places)
      assert.deepEqual(
        own.map(({ offset }) => offset),
        own.map((_, index) => BigInt(index)),
        place,
      );
    assert.equal(received.length, 4_000);
    assert.equal(collector.consumer.assigned().length, 5);
  });

  test('a batch has no more bytes than allowed, and a larger message comes alone', async (t) => {
    const { log } = await kind.open(t);
    const topic = await newTopic(log);
    const sizes = [300, 300, 5_000, 300, 300, 300, 300, 300];
    await sendAll(log, { topic, messages: sizes.map((size) => message('a', 'x'.repeat(size))) });
    const batches: number[][] = [];
    const work = async (partition: AssignedPartition): Promise<void> => {
      for await (const batch of partition.batches())
        batches.push(batch.map(({ value }) => value?.length ?? 0));
    };
    await using _ = await collect(log, { topics: [topic], maxBatchBytes: 1_000, work });
    await eventually('all batches', () => batches.flat().length === sizes.length);
    assert.deepEqual(batches.flat(), sizes);
    for (const batch of batches)
      assert.ok(batch.length === 1 || batch.reduce((sum, size) => sum + size, 0) <= 1_000, `${batch}`);
  });

  test('who does not ask for the next batch stops the reading of this partition, and of no other one', async (t) => {
    const { log } = await kind.open(t);
    const topic = await newTopic(log, 2);
    const messages = [0, 1].flatMap((partition) => numbered(`p${partition}`, 0, 500, { partition }));
    await sendAll(log, { topic, messages });
    const counts = [0, 0];
    const going = Promise.withResolvers<void>();
    const work = async (assigned: AssignedPartition): Promise<void> => {
      const { partition } = assigned;
      for await (const batch of assigned.batches()) {
        counts[partition] = (counts[partition] ?? 0) + batch.length;
        if (partition === 0) await Promise.race([going.promise, untilAborted(assigned.signal)]);
      }
    };
    await using _ = await collect(log, { topics: [topic], maxBatchBytes: 1_000, work });
    await eventually('the other partition', () => counts[1] === 500);
    await sendAll(log, { topic, messages: numbered('p1', 500, 600, { partition: 1 }) });
    await eventually('the other partition again', () => counts[1] === 600);
    assert.ok(counts[0] !== undefined && counts[0] < 500, `${counts[0]}`);
    going.resolve();
    await eventually('the first partition', () => counts[0] === 500);
  });

  test('where a partition was read to its end is known, also behind transactions', async (t) => {
    const { log } = await kind.open(t);
    const topic = await newTopic(log, 2);
    await using transactor = await log.openTransactor(newName('transactor'));
    const messages = numbered('a', 0, 3, { partition: 1 });
    await transactor.commit({ messages: [{ topic, messages }] });
    await using collector = await collect(log, { topics: [topic] });
    // A broker of Kafka says so of a transaction before it has ended: until then the end is where it began.
    await collector.until(3);
    const ends = await log.admin.ranges(topic);
    await eventually('the end of both', () =>
      ends.every(({ partition, next }) =>
        collector.partitions.some((each) => each.partition === partition && each.next() >= next),
      ),
    );
    assert.deepEqual(valuesOf(collector.received), ['a-0', 'a-1', 'a-2']);
  });

  test('what was fetched and not asked for is not behind who reads', async (t) => {
    const { log } = await kind.open(t);
    const topic = await newTopic(log);
    await sendAll(log, { topic, messages: numbered('a', 0, 100) });
    const places: bigint[] = [];
    const work = async (partition: AssignedPartition): Promise<void> => {
      for await (const batch of partition.batches()) {
        const next = (batch.at(-1)?.offset ?? 0n) + 1n;
        places.push(partition.next() - next);
      }
    };
    await using _ = await collect(log, { topics: [topic], maxBatchBytes: 500, work });
    await eventually('several batches', () => places.length > 3);
    assert.deepEqual(new Set(places), new Set([0n]));
  });

  test('closing aborts the signal, ends the batches, and waits for the work', async (t) => {
    const { log } = await kind.open(t);
    const topic = await newTopic(log, 2);
    const steps: string[] = [];
    const work = async (partition: AssignedPartition): Promise<void> => {
      for await (const _ of partition.batches()) steps.push('unexpected');
      assert.ok(partition.signal.aborted);
      await pause(50);
      steps.push('worked');
    };
    const collector = await collect(log, { topics: [topic], work });
    await eventually('both partitions', () => collector.consumer.assigned().length === 2);
    await collector[Symbol.asyncDispose]();
    assert.deepEqual(steps, ['worked', 'worked']);
    assert.deepEqual(collector.consumer.assigned(), []);
    await collector.consumer.ended;
    await collector[Symbol.asyncDispose]();
  });

  test('work that fails ends the consumer with its reason, and the other partitions', async (t) => {
    const { log } = await kind.open(t);
    const topic = await newTopic(log, 2);
    await sendAll(log, { topic, messages: numbered('a', 0, 1, { partition: 1 }) });
    const gone: number[] = [];
    const work = async (partition: AssignedPartition): Promise<void> => {
      for await (const _ of partition.batches()) throw new Error('this cannot be worked on');
      gone.push(partition.partition);
    };
    await using collector = await collect(log, { topics: [topic], work });
    await assert.rejects(collector.consumer.ended, /this cannot be worked on/);
    assert.deepEqual(gone, [0]);
    assert.deepEqual(collector.consumer.assigned(), []);
  });

  groupCases(kind);
};
