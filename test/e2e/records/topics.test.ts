import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openEventLog } from '@sluice/kernel/event-log/open-event-log';
import { brokerUser } from '@sluice/kernel/event-log/testing/kafka/broker-properties';
import { allow, deny } from '@sluice/kernel/event-log/testing/kafka/rights';
import { skipKafka, startKafka } from '@sluice/kernel/event-log/testing/kafka-server';
import { predictionsTopic, recordPartitions, recordTopics } from '@sluice/kernel/records/topics';
import { selfSigned } from '@sluice/kernel/testing/certificate';
import { freePort } from '@sluice/kernel/testing/free-port';
import { startConsumers } from '../../support/consumers.ts';
import type { LogLine } from '../../support/process.ts';
import { type Environment, type RunningGateway, startSluice } from '../../support/sluice.ts';
import { waitFor } from '../../support/wait-for.ts';
import { asking, churn } from '../rest/ask.ts';

const longMs = 60_000;

/** A gateway that records, without a database; it has to answer whatever its event log says. */
const startRecording = async (stack: AsyncDisposableStack, env: Environment): Promise<RunningGateway> => {
  const home = await mkdtemp(join(tmpdir(), 'sluice-topics-'));
  stack.defer(() => rm(home, { recursive: true, force: true }));
  const DATABASE_URL = `postgres://nobody@127.0.0.1:${await freePort()}/nothing`;
  const all = { SLUICE_HOME: home, RECORDS: 'true', DATABASE_URL, ...env };
  return stack.use(await startSluice({ env: all })).gateway;
};

const predict = async ({ http }: RunningGateway): Promise<void> => {
  const { status, text } = await asking(http)('POST', '/v1/models/churn:predict', churn);
  assert.equal(status, 200, text);
};

const reasonOf = ({ lines }: RunningGateway): Promise<string> =>
  waitFor(
    'the gateway to say why records wait',
    () => lines.find(({ msg }: LogLine) => msg === 'the event log is away; records wait in the spool'),
    longMs,
  ).then(({ reason }) => String(reason));

describe('topics that are not as they should be', { skip: skipKafka }, () => {
  test('without the right to write predictions are answered, and shipped once the right is there', async () => {
    await using stack = new AsyncDisposableStack();
    const certificate = stack.use(await selfSigned());
    const kafka = stack.use(await startKafka({ certificate }));
    const plain = stack.use(await openEventLog({ url: kafka.url }));
    await plain.admin.create(recordTopics);
    await deny(kafka, predictionsTopic, 'write');
    const gateway = await startRecording(stack, {
      EVENT_LOG_URL: `kafka://127.0.0.1:${kafka.ports.saslTls}`,
      KAFKA_TLS_CA: certificate.certFile,
      KAFKA_USER: brokerUser.username,
      KAFKA_PASSWORD: brokerUser.password,
    });
    await predict(gateway);
    assert.match(await reasonOf(gateway), new RegExp(predictionsTopic));
    await predict(gateway);
    await allow(kafka, predictionsTopic, 'write');
    const shipped = async () => {
      const ranges = await plain.admin.ranges(predictionsTopic);
      return ranges.reduce((sum, { first, next }) => sum + Number(next - first), 0) >= 2;
    };
    await waitFor('both records on the topic', shipped, longMs);
  });

  test('another number of partitions is named by gateway and consumers, and predictions are answered', async () => {
    await using stack = new AsyncDisposableStack();
    const kafka = stack.use(await startKafka());
    const log = stack.use(await openEventLog({ url: kafka.url }));
    await log.admin.create([{ topic: predictionsTopic, partitions: recordPartitions + 1 }]);
    const env = { EVENT_LOG_URL: kafka.url };
    const gateway = await startRecording(stack, env);
    await predict(gateway);
    const numbers = new RegExp(`${predictionsTopic}.*\\b5\\b.*\\b4\\b|${predictionsTopic}.*\\b4\\b.*\\b5\\b`);
    assert.match(await reasonOf(gateway), numbers);
    const consumers = stack.use(await startConsumers({ ...env, CONSUMERS: 'lake' }));
    const why = await waitFor(
      'the consumers to say why they wait',
      async () => {
        const text = await (await fetch(`${consumers.metrics}/readyz`)).text();
        return text.includes(predictionsTopic) && text;
      },
      longMs,
    );
    assert.match(why, numbers);
    await predict(gateway);
  });
});
