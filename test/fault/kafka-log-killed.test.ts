import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { openKafkaLog } from '@sluice/kernel/event-log/kafka/open-kafka-log';
import { collect, valuesOf } from '@sluice/kernel/event-log/testing/collect';
import { eventually } from '@sluice/kernel/event-log/testing/eventually';
import { type KafkaServer, skipKafka, startKafka } from '@sluice/kernel/event-log/testing/kafka-server';
import { newTopic, numbered, sendAll } from '@sluice/kernel/event-log/testing/messages';
import { freePort } from '@sluice/kernel/testing/free-port';

let started: Promise<KafkaServer> | undefined;
const kafka = (): Promise<KafkaServer> => {
  started ??= startKafka();
  return started;
};
after(async () => (await started)?.[Symbol.asyncDispose]());

const away = { code: 'EVENT_LOG_UNAVAILABLE' };
/** A busy machine takes its time to start a broker. */
const patienceMs = 90_000;

test('while no broker answers each call says so, and opening the log does not wait for one', async () => {
  await using log = await openKafkaLog({ url: `kafka://127.0.0.1:${await freePort()}` });
  await Promise.all([
    assert.rejects(log.openProducer(), away),
    assert.rejects(log.openTransactor('id'), away),
    assert.rejects(log.admin.topics(), away),
    assert.rejects(collect(log, { topics: ['topic'] }), away),
  ]);
});

describe('a broker that is killed', { skip: skipKafka }, () => {
  test('loses and doubles nothing of one producer, and a consumer goes on when it is back', async () => {
    const server = await kafka();
    await using log = await openKafkaLog({ url: server.url }, { sendMs: patienceMs });
    const topic = await newTopic(log, 3);
    await using producer = await log.openProducer();
    await using collector = await collect(log, { topics: [topic], commit: true, again: true });
    const keys = ['a', 'b', 'c', 'd'];
    let round = 0;
    const sendUntil = async (rounds: () => number): Promise<void> => {
      for (; round < rounds(); round += 1)
        await producer.send([{ topic, messages: keys.flatMap((key) => numbered(key, round, round + 1)) }]);
    };
    let rounds = Number.POSITIVE_INFINITY;
    const sending = sendUntil(() => rounds);
    for (let kill = 0; kill < 2; kill += 1) {
      const before = round;
      await eventually('some sends', () => round > before + 20, patienceMs);
      await server.restart();
    }
    rounds = round + 20;
    await sending;
    const seen = (key: string) => collector.received.filter((each) => each.key?.toString() === key);
    const distinct = () => new Set(valuesOf(collector.received)).size;
    await eventually('all messages', () => distinct() === round * keys.length, patienceMs);
    const ranges = await log.admin.ranges(topic);
    const stored = ranges.reduce((sum, { next }) => sum + Number(next), 0);
    assert.equal(stored, round * keys.length);
    for (const key of keys) {
      const offsets = new Map(seen(key).map(({ offset, value }) => [offset, value?.toString()]));
      const inOrder = [...offsets].sort(([one], [other]) => Number(one - other)).map(([, value]) => value);
      assert.deepEqual(inOrder, valuesOf(numbered(key, 0, round)), key);
    }
  });

  test('a send that is given up is told as unknown, and the producer sends again when it is back', async () => {
    const server = await kafka();
    await using log = await openKafkaLog({ url: server.url }, { sendMs: 5_000 });
    const topic = await newTopic(log);
    await using producer = await log.openProducer();
    await producer.send([{ topic, messages: numbered('a', 0, 1) }]);
    await server.kill();
    await assert.rejects(producer.send([{ topic, messages: numbered('b', 0, 1) }]), away);
    await server.restart();
    await eventually(
      'a send',
      () =>
        producer.send([{ topic, messages: numbered('c', 0, 1) }]).then(
          () => true,
          () => false,
        ),
      patienceMs,
    );
    await using collector = await collect(log, { topics: [topic] });
    await eventually('what was sent', () => valuesOf(collector.received).includes('c-0'));
    assert.equal(valuesOf(collector.received)[0], 'a-0');
    await sendAll(log, { topic, messages: numbered('d', 0, 1) });
    await eventually('what came later', () => valuesOf(collector.received).at(-1) === 'd-0');
  });
});
