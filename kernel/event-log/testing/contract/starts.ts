import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { EventLog, StartAt } from '../../event-log.ts';
import { collect, valuesOf } from '../collect.ts';
import { eventually } from '../eventually.ts';
import type { LogKind } from '../log-kind.ts';
import { message, newTopic, sendAll } from '../messages.ts';

const firstMs = Date.now() - 100_000;
const atSecond = (second: number): number => firstMs + second * 1_000;

/** Partition 0 has five messages, one each second; partition 1 has two. */
const filledTopic = async (log: EventLog): Promise<string> => {
  const topic = await newTopic(log, 2);
  const messages = [5, 2].flatMap((count, partition) =>
    Array.from({ length: count }, (_, second) =>
      message('a', `${partition}:${second}`, { partition, timestampMs: atSecond(second) }),
    ),
  );
  await sendAll(log, { topic, messages });
  return topic;
};

const cases: readonly [what: string, from: StartAt, starts: readonly [bigint, bigint]][] = [
  ['the latest', 'latest', [5n, 2n]],
  ['a time before all', { timeMs: 0 }, [0n, 0n]],
  ['a time before 1970', { timeMs: -5 }, [0n, 0n]],
  ['a time of a message', { timeMs: atSecond(3) }, [3n, 2n]],
  ['a time between two messages', { timeMs: atSecond(0.5) }, [1n, 1n]],
  ['a time after all', { timeMs: atSecond(3_600) }, [5n, 2n]],
  ['offset 0', { offset: 0n }, [0n, 0n]],
  ['an offset that not every partition has', { offset: 3n }, [3n, 2n]],
  ['an offset after all', { offset: 1_000n }, [5n, 2n]],
];

const startsOf = async (t: TestContext, kind: LogKind, from: StartAt): Promise<(bigint | undefined)[]> => {
  const { log } = await kind.open(t);
  const topic = await filledTopic(log);
  await using collector = await collect(log, { topics: [topic], from });
  await collector.untilAssigned(2);
  await eventually('what the group has committed', async () => {
    const { length } = await log.admin.committed(collector.group, topic);
    return length === 2;
  });
  const starts = [0, 1].map(
    (wanted) => collector.partitions.find(({ partition }) => partition === wanted)?.start,
  );
  const committed = await log.admin.committed(collector.group, topic);
  assert.deepEqual(
    committed.map(({ offset }) => offset),
    starts,
  );
  return starts;
};

export const startCases = (kind: LogKind): void => {
  for (const [what, from, starts] of cases)
    test(`a group that has committed nothing begins with, and commits, ${what}`, async (t) => {
      assert.deepEqual(await startsOf(t, kind, from), starts);
    });

  test('a group begins nowhere else when it gets its partitions anew, although nothing was worked on', async (t) => {
    const { log, again } = await kind.open(t);
    const topic = await filledTopic(log);
    const from = { timeMs: Date.now() + 3_600_000 };
    const first = await collect(log, { topics: [topic], from });
    await first.untilAssigned(2);
    await first[Symbol.asyncDispose]();
    await sendAll(log, { topic, messages: [message('a', 'later', { partition: 0 })] });
    await using second = await collect(await again(), { topics: [topic], group: first.group, from });
    assert.deepEqual(valuesOf(await second.until(1)), ['later']);
  });

  test('a group that has a place goes on there, wherever others would begin', async (t) => {
    const { log } = await kind.open(t);
    const topic = await filledTopic(log);
    const first = await collect(log, { topics: [topic], from: { offset: 4n } });
    assert.deepEqual(valuesOf(await first.until(1)), ['0:4']);
    await first[Symbol.asyncDispose]();
    await using second = await collect(log, { topics: [topic], group: first.group, from: { offset: 0n } });
    assert.deepEqual(valuesOf(await second.until(1)), ['0:4']);
  });
};
