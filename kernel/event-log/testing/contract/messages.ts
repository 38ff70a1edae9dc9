import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAll, valuesOf } from '../collect.ts';
import type { LogKind } from '../log-kind.ts';
import { message, newTopic, numbered, sendAll } from '../messages.ts';

/** Where the Java client puts a key of a topic of 12 partitions: murmur2 of UtilsTest in apache/kafka, modulo 12. */
const placesOfKeys: readonly (readonly [key: string, murmur2: number])[] = [
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
];
const partitionsOfKeys = 12;

export const messageCases = (kind: LogKind): void => {
  test('a message comes back as it was sent, with its place', async (t) => {
    const { log } = await kind.open(t);
    const topic = await newTopic(log, 2);
    const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const headers = [
      ['content-type', Buffer.from('text/plain')],
      ['twice', Buffer.from('first')],
      ['twice', Buffer.from('second')],
      ['bytes', everyByte],
      ['empty', Buffer.alloc(0)],
    ] as const;
    const sent = { key: everyByte, value: everyByte, headers, timestampMs: 1_700_000_000_123, partition: 1 };
    await sendAll(log, { topic, messages: [sent] });
    assert.deepEqual(await readAll(log, topic, 1), [{ ...sent, topic, offset: 0n }]);
  });

  test('headers of all messages of a send come before those of each', async (t) => {
    const { log } = await kind.open(t);
    const topic = await newTopic(log);
    const [shared, own] = [
      ['größe', Buffer.from('für alle')],
      ['own', Buffer.from('a')],
    ] as const;
    const messages = [message('a', '1', { headers: [own] }), message('a', '2')];
    await sendAll(log, { topic, headers: [shared], messages }, { topic, messages: [message('a', '3')] });
    const headers = (await readAll(log, topic, 3)).map((received) => received.headers);
    assert.deepEqual(headers, [[shared, own], [shared], []]);
  });

  test('a message without a value is another one than with an empty value', async (t) => {
    const { log } = await kind.open(t);
    const topic = await newTopic(log);
    await sendAll(log, { topic, messages: [message('a', '', { value: null }), message('a', '')] });
    const values = (await readAll(log, topic, 2)).map(({ value }) => value);
    assert.deepEqual(values, [null, Buffer.alloc(0)]);
  });

  test('a message without a time gets that of its writing', async (t) => {
    const { log } = await kind.open(t);
    const topic = await newTopic(log);
    const before = Date.now();
    await sendAll(log, { topic, messages: [message('a', 'now')] });
    const [received] = await readAll(log, topic, 1);
    assert.ok(received && received.timestampMs >= before - 1 && received.timestampMs <= Date.now() + 1);
  });

  test("keys lie where Kafka's own clients put them", async (t) => {
    const { log } = await kind.open(t);
    const topic = await newTopic(log, partitionsOfKeys);
    await sendAll(log, { topic, messages: placesOfKeys.map(([key]) => message(key, 'x')) });
    const received = await readAll(log, topic, placesOfKeys.length);
    const places = new Map(received.map(({ key, partition }) => [key?.toString(), partition]));
    for (const [key, murmur2] of placesOfKeys)
      assert.equal(places.get(key), (murmur2 & 0x7fffffff) % partitionsOfKeys, key);
  });

  test('what is sent without waiting is stored in the order of the calls, each once', async (t) => {
    const { log } = await kind.open(t);
    const topic = await newTopic(log, 3);
    await using producer = await log.openProducer();
    const keys = ['a', 'b', 'c', 'd'];
    await Promise.all(
      Array.from({ length: 50 }, (_, round) =>
        producer.send([{ topic, messages: keys.flatMap((key) => numbered(key, round * 5, round * 5 + 5)) }]),
      ),
    );
    const received = await readAll(log, topic, 1_000);
    for (const key of keys) {
      const own = received.filter((each) => each.key?.toString() === key);
      assert.deepEqual(valuesOf(own), valuesOf(numbered(key, 0, 250)), key);
      assert.equal(new Set(own.map(({ partition }) => partition)).size, 1);
    }
  });

  test('one send may go to several topics and partitions', async (t) => {
    const { log } = await kind.open(t);
    const [one, two] = [await newTopic(log, 2), await newTopic(log)];
    await sendAll(
      log,
      { topic: one, messages: [message('a', '0', { partition: 0 }), message('a', '1', { partition: 1 })] },
      { topic: two, messages: [message('b', '2')] },
      { topic: one, messages: [message('a', '3', { partition: 0 })] },
    );
    assert.deepEqual(await log.admin.ranges(one), [
      { partition: 0, first: 0n, next: 2n },
      { partition: 1, first: 0n, next: 1n },
    ]);
    assert.deepEqual(valuesOf(await readAll(log, two, 1)), ['2']);
  });

  test('sending nothing succeeds', async (t) => {
    const { log } = await kind.open(t);
    await sendAll(log);
    await sendAll(log, { topic: await newTopic(log), messages: [] });
  });

  test('a message that the log will never take is refused and named, and others are taken after it', async (t) => {
    const { log } = await kind.open(t);
    const topic = await newTopic(log, 2, { 'max.message.bytes': '10000' });
    await using producer = await log.openProducer();
    for (const [what, sent, named] of [
      ['too large', { topic, messages: [message('a', 'x'.repeat(20_000))] }, topic],
      ['no such topic', { topic: 'no-such-topic', messages: [message('a', 'x')] }, 'no-such-topic'],
      ['no such partition', { topic, messages: [message('a', 'x', { partition: 2 })] }, topic],
      ['a negative partition', { topic, messages: [message('a', 'x', { partition: -1 })] }, topic],
    ] as const)
      await assert.rejects(producer.send([sent]), ({ code, message }) => {
        assert.equal(code, 'INVALID_INPUT', what);
        assert.ok(message.includes(named), message);
        return true;
      });
    await producer.send([{ topic, messages: [message('a', 'taken')] }]);
    assert.deepEqual(valuesOf(await readAll(log, topic, 1)), ['taken']);
  });

  test('a message of a megabyte passes', async (t) => {
    const { log } = await kind.open(t);
    const topic = await newTopic(log);
    const value = Buffer.alloc(1_000_000, 'x');
    await sendAll(log, { topic, messages: [message('a', '', { value })] });
    const [received] = await readAll(log, topic, 1);
    assert.ok(received?.value?.equals(value));
  });
};
