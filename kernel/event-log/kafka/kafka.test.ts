import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import type { KafkaSettings } from '../../config/event-log.ts';
import { selfSigned } from '../../testing/certificate.ts';
import type { AssignedPartition, EventLog } from '../event-log.ts';
import { collect, readAll, valuesOf } from '../testing/collect.ts';
import { eventually } from '../testing/eventually.ts';
import { brokerUser } from '../testing/kafka/broker-properties.ts';
import { deny } from '../testing/kafka/rights.ts';
import { type KafkaServer, skipKafka, startKafka } from '../testing/kafka-server.ts';
import { newName, newTopic, numbered, sendAll } from '../testing/messages.ts';
import { openKafkaLog } from './open-kafka-log.ts';

/** One broker for this file, with all of its doors. */
const stack = new AsyncDisposableStack();
after(() => stack.disposeAsync());
const opening = async () => {
  const certificate = stack.use(await selfSigned());
  return { certificate, server: stack.use(await startKafka({ certificate })) };
};
let opened: ReturnType<typeof opening> | undefined;
const kafka = (): ReturnType<typeof opening> => {
  opened ??= opening();
  return opened;
};

const urlOf = (server: KafkaServer, door: 'plain' | 'tls' | 'saslTls'): string =>
  `kafka://127.0.0.1:${server.ports[door]}`;

const open = async (door: 'plain' | 'tls' | 'saslTls', settings: KafkaSettings = {}): Promise<EventLog> => {
  const { server } = await kafka();
  return openKafkaLog({ url: urlOf(server, door), kafka: settings });
};

/** A broker of a busy machine takes its time to deal partitions. */
const patienceMs = 60_000;

/** A client past the event log. */
const rawClient = async (): Promise<Kafka> => {
  const { server } = await kafka();
  return new Kafka({ brokers: [`127.0.0.1:${server.ports.plain}`], logLevel: logLevel.NOTHING });
};

const login = { user: brokerUser.username, password: brokerUser.password };

const worksBothWays = async (log: EventLog): Promise<void> => {
  const topic = await newTopic(log);
  await sendAll(log, { topic, messages: numbered('a', 0, 3) });
  assert.deepEqual(valuesOf(await readAll(log, topic, 3)), ['a-0', 'a-1', 'a-2']);
};

describe('Kafka with names and encryption', { skip: skipKafka }, () => {
  test('TLS with the CA of a file, and with a certificate of the client', async () => {
    const { certificate } = await kafka();
    const { certFile, keyFile } = certificate;
    for (const settings of [{ caFile: certFile }, { tls: true, caFile: certFile, certFile, keyFile }]) {
      await using log = await open('tls', settings);
      await worksBothWays(log);
    }
  });

  test('a broker that is not trusted is not talked to', async () => {
    await using log = await open('tls', { tls: true });
    await assert.rejects(log.admin.topics(), { code: 'EVENT_LOG_UNAVAILABLE', message: /certificate/ });
  });

  for (const mechanism of ['plain', 'scram-sha-256', 'scram-sha-512'] as const)
    test(`user and password by ${mechanism}; with a wrong password nothing is allowed`, async () => {
      const { certificate } = await kafka();
      await using log = await open('saslTls', { caFile: certificate.certFile, mechanism, ...login });
      await worksBothWays(log);
      const wrong = { caFile: certificate.certFile, mechanism, user: login.user, password: 'wrong' };
      await using refused = await open('saslTls', wrong);
      const expected = { code: 'PERMISSION_DENIED' };
      await assert.rejects(refused.admin.topics(), expected);
      await assert.rejects(refused.openProducer(), expected);
    });

  test('who may not write to a topic, or not read it, is told which one; other topics go on', async () => {
    const { certificate, server } = await kafka();
    await using log = await open('saslTls', { caFile: certificate.certFile, ...login });
    const [unwritten, unread, free] = [await newTopic(log), await newTopic(log), await newTopic(log)];
    await deny(server, unwritten, 'write');
    await deny(server, unread, 'read');
    await using producer = await log.openProducer();
    const denied = (topic: string) => ({ code: 'PERMISSION_DENIED', message: new RegExp(topic) });
    await assert.rejects(
      producer.send([{ topic: unwritten, messages: numbered('a', 0, 1) }]),
      denied(unwritten),
    );
    await producer.send([{ topic: unread, messages: numbered('a', 0, 1) }]);
    await using collector = await collect(log, { topics: [unread] });
    await assert.rejects(collector.consumer.ended, denied(unread));
    await producer.send([{ topic: free, messages: numbered('a', 0, 1) }]);
    assert.deepEqual(valuesOf(await readAll(log, free, 1)), ['a-0']);
  });
});

describe('Kafka and its other clients', { skip: skipKafka }, () => {
  for (const codec of ['gzip', 'snappy', 'lz4', 'zstd'])
    test(`what a Java client wrote with ${codec} is read`, async () => {
      const { server } = await kafka();
      await using log = await open('plain');
      const topic = await newTopic(log);
      const lines = Array.from({ length: 500 }, (_, line) => `${line} ${'sluice '.repeat(30)}`);
      const args = ['--bootstrap-server', `127.0.0.1:${server.ports.plain}`, '--topic', topic];
      const tool = 'org.apache.kafka.tools.ConsoleProducer';
      await server.tool(tool, [...args, '--compression-codec', codec], `${lines.join('\n')}\n`);
      const received = await readAll(log, topic, lines.length);
      assert.deepEqual(valuesOf(received), lines);
      assert.deepEqual(received[0]?.key, null);
    });

  test('what was aborted is never read, and what is still open only after it was committed', async () => {
    await using log = await open('plain');
    const topic = await newTopic(log);
    const producer = (await rawClient()).producer({ transactionalId: newName('id'), maxInFlightRequests: 1 });
    await producer.connect();
    for (let round = 0; round < 3; round += 1) {
      const aborted = await producer.transaction();
      await aborted.send({ topic, messages: [{ key: 'a', value: `aborted ${round}` }] });
      await aborted.abort();
      await sendAll(log, { topic, messages: numbered('a', round, round + 1) });
    }
    const late = await producer.transaction();
    await late.send({ topic, messages: [{ key: 'a', value: 'late' }] });
    await using collector = await collect(log, { topics: [topic] });
    assert.deepEqual(valuesOf(await collector.until(3)), ['a-0', 'a-1', 'a-2']);
    await late.commit();
    assert.deepEqual(valuesOf(await collector.until(4)).at(-1), 'late');
    assert.equal(collector.received.length, 4);
    await producer.disconnect();
  });
});

test('nothing of transactions that were aborted side by side is read, wherever reading begins', {
  skip: skipKafka,
}, async () => {
  await using log = await open('plain');
  const topic = await newTopic(log);
  const client = await rawClient();
  const producers = ['x', 'y'].map((name) =>
    client.producer({ transactionalId: newName(name), maxInFlightRequests: 1 }),
  );
  for (const producer of producers) await producer.connect();
  const [first, second] = await Promise.all(producers.map((producer) => producer.transaction()));
  assert.ok(first && second);
  // A key as that of the end of an aborted transaction.
  const messages = [
    { key: Buffer.alloc(4), value: 'aborted' },
    { key: 'a', value: 'aborted' },
  ];
  await first.send({ topic, messages });
  for (let round = 0; round < 3; round += 1) await second.send({ topic, messages });
  await first.send({ topic, messages });
  // They are told of in the order in which they end.
  await second.abort();
  await first.abort();
  for (const producer of producers) await producer.disconnect();
  await sendAll(log, { topic, messages: numbered('a', 0, 1) });
  for (let offset = 0n; offset < 10n; offset += 1n) {
    await using collector = await collect(log, { topics: [topic], from: { offset } });
    assert.deepEqual(valuesOf(await collector.until(1)), ['a-0'], `from ${offset}`);
  }
});

describe('a group of Kafka', { skip: skipKafka }, () => {
  test('partitions are dealt anew when a second consumer comes, after the work on them has settled', async () => {
    await using log = await open('plain');
    const topic = await newTopic(log, 4);
    const group = newName('group');
    const steps: string[] = [];
    const work =
      (name: string) =>
      async ({ partition, batches }: AssignedPartition): Promise<void> => {
        steps.push(`${name} begins ${partition}`);
        for await (const _ of batches());
        await pause(300);
        steps.push(`${name} ends ${partition}`);
      };
    await using first = await collect(log, { topics: [topic], group, work: work('first') });
    await eventually('all partitions', () => first.consumer.assigned().length === 4, patienceMs);
    steps.length = 0;
    await using second = await collect(log, { topics: [topic], group, work: work('second') });
    await eventually(
      'half of them each',
      () => [first, second].every(({ consumer }) => consumer.assigned().length === 2),
      patienceMs,
    );
    assert.deepEqual(
      steps.slice(0, 4).sort(),
      [0, 1, 2, 3].map((partition) => `first ends ${partition}`),
    );
    const places = [first, second].flatMap(({ consumer }) => consumer.assigned());
    assert.deepEqual(places.map(({ partition }) => partition).sort(), [0, 1, 2, 3]);
  });

  test('a group that begins with the latest leaves out nothing when its partitions are dealt anew', async () => {
    await using log = await open('plain');
    const topic = await newTopic(log);
    await sendAll(log, { topic, messages: numbered('old', 0, 3) });
    const first = await collect(log, { topics: [topic], from: 'latest' });
    await first.untilAssigned(1);
    await first[Symbol.asyncDispose]();
    await sendAll(log, { topic, messages: numbered('new', 0, 3) });
    await using second = await collect(log, { topics: [topic], group: first.group, from: 'latest' });
    assert.deepEqual(valuesOf(await second.until(3)), ['new-0', 'new-1', 'new-2']);
  });

  test('a consumer of a topic that is not there is refused', async () => {
    await using log = await open('plain');
    await assert.rejects(collect(log, { topics: ['no-such-topic'] }), {
      code: 'INVALID_INPUT',
      message: /no-such-topic/,
    });
  });
});
