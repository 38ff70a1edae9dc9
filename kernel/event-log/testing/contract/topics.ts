import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogKind } from '../log-kind.ts';
import { message, newName, newTopic, numbered, sendAll, untilLed } from '../messages.ts';

export const topicCases = (kind: LogKind): void => {
  test('a topic that was made is there, also for who opens the log elsewhere', async (t) => {
    const { log, again } = await kind.open(t);
    const topic = await newTopic(log, 3);
    assert.ok((await (await again()).admin.topics()).includes(topic));
    assert.deepEqual(
      await log.admin.ranges(topic),
      [0, 1, 2].map((partition) => ({ partition, first: 0n, next: 0n })),
    );
  });

  test('making a topic that is there changes nothing, and those beside it are made', async (t) => {
    const { log } = await kind.open(t);
    const topic = await newTopic(log);
    await sendAll(log, { topic, messages: numbered('a', 0, 3) });
    const beside = newName('topic');
    await log.admin.create([
      { topic, partitions: 1 },
      { topic: beside, partitions: 2 },
    ]);
    assert.deepEqual(await log.admin.ranges(topic), [{ partition: 0, first: 0n, next: 3n }]);
    await untilLed(log, beside);
    assert.equal((await log.admin.ranges(beside)).length, 2);
  });

  test('many who make the same topic at once all succeed', async (t) => {
    const { again } = await kind.open(t);
    const topic = newName('topic');
    const logs = await Promise.all(Array.from({ length: 4 }, again));
    await Promise.all(logs.map((log) => log.admin.create([{ topic, partitions: 2 }])));
    for (const log of logs) {
      await untilLed(log, topic);
      assert.equal((await log.admin.ranges(topic)).length, 2);
    }
  });

  test('a log has an id of its own, which is the same for all who open it, also at once', async (t) => {
    const { again } = await kind.open(t);
    const logs = await Promise.all(Array.from({ length: 4 }, again));
    const ids = await Promise.all(logs.map((log) => log.admin.id()));
    assert.match(ids[0] ?? '', /^[\w-]{16,}$/);
    assert.deepEqual(new Set(ids), new Set([ids[0], await (await again()).admin.id()]));
  });

  test('a topic that is there with another number of partitions is told with both numbers', async (t) => {
    const { log } = await kind.open(t);
    const topic = await newTopic(log, 3);
    await assert.rejects(log.admin.create([{ topic, partitions: 5 }]), ({ code, message }) => {
      assert.equal(code, 'TOPIC_MISMATCH');
      for (const part of [topic, '3', '5']) assert.ok(message.includes(part), message);
      return true;
    });
    assert.equal((await log.admin.ranges(topic)).length, 3);
  });

  test('a topic that is not there has no ranges and no offsets, and is named', async (t) => {
    const { log } = await kind.open(t);
    const refused = { code: 'INVALID_INPUT', message: /no-such-topic/ };
    await assert.rejects(log.admin.ranges('no-such-topic'), refused);
    await assert.rejects(log.admin.offsetsAt('no-such-topic', 0), refused);
  });

  test('the first message at or after a time is found in each partition', async (t) => {
    const { log } = await kind.open(t);
    const topic = await newTopic(log, 2);
    const start = Date.now() - 100_000;
    const messages = [0, 10, 20, 30].map((second) =>
      message('a', `${second}`, { partition: 0, timestampMs: start + second * 1_000 }),
    );
    await sendAll(log, { topic, messages });
    for (const [second, offset] of [
      [-1, 0n],
      [0, 0n],
      [1, 1n],
      [10, 1n],
      [29, 3n],
      [30, 3n],
      [31, 4n],
    ] as const)
      assert.deepEqual(
        await log.admin.offsetsAt(topic, start + second * 1_000),
        [
          { topic, partition: 0, offset },
          { topic, partition: 1, offset: 0n },
        ],
        `${second} s`,
      );
  });

  test('a group that committed nothing has no offsets', async (t) => {
    const { log } = await kind.open(t);
    assert.deepEqual(await log.admin.committed(newName('group'), await newTopic(log, 2)), []);
  });
};
