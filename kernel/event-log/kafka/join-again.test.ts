import { createRequire } from 'node:module';
import { test } from 'node:test';
import { collect, valuesOf } from '../testing/collect.ts';
import { eventually } from '../testing/eventually.ts';
import { sharedKafka } from '../testing/kafka-log.ts';
import { skipAnyKafka } from '../testing/kafka-server.ts';
import { newTopic, numbered, sendAll } from '../testing/messages.ts';
import { openKafkaLog } from './open-kafka-log.ts';

interface Broker {
  heartbeat(request: unknown): Promise<unknown>;
  joinGroup(request: unknown): Promise<unknown>;
}

const require = createRequire(import.meta.url);
const { prototype } = require('kafkajs/src/broker') as { readonly prototype: Broker };
const { createErrorFromCode } = require('kafkajs/src/protocol/error') as {
  createErrorFromCode(code: number): Error;
};

/** What a broker says that stops, or starts (org.apache.kafka.common.protocol.Errors). */
const [coordinatorNotAvailable, notCoordinator] = [15, 16];

test('a member that gave its partitions up, and then could not join again, joins in the end', {
  skip: skipAnyKafka,
}, async (t) => {
  const { url } = await sharedKafka();
  await using log = await openKafkaLog({ url });
  const topic = await newTopic(log);
  await sendAll(log, { topic, messages: numbered('a', 0, 1) });
  await using collector = await collect(log, { topics: [topic], commit: true });
  await collector.until(1);

  const say = (method: keyof Broker, code: number) =>
    t.mock.method(prototype, method, () => Promise.reject(createErrorFromCode(code)), { times: 1 }).mock;
  const refused = say('joinGroup', coordinatorNotAvailable);
  say('heartbeat', notCoordinator);
  await eventually('the member to be refused', () => refused.callCount() > 0);

  await sendAll(log, { topic, messages: numbered('b', 0, 1) });
  await eventually('what was sent later', () => valuesOf(collector.received).includes('b-0'));
});
