import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Received } from '@sluice/kernel/event-log/event-log';
import { newName } from '@sluice/kernel/event-log/testing/messages';
import { waitFor } from '../../../support/wait-for.ts';
import { groupOf, removeStreams, type Scored, scoredOf, typed } from '../streams.ts';
import { event, headersOf, longMs, send, untilThere } from '../topics.ts';
import type { StreamsWorld, World } from '../world.ts';

const customers = [
  { tenure: 1, monthly_charges: 95.5, contract: 'Month-to-month' },
  { tenure: 60, monthly_charges: 20, contract: 'Two year' },
];
/** An hour ago: Kafka forgets what is older than a week. */
const eventTimeMs = Date.now() - 3_600_000;
const eventTime = new Date(eventTimeMs).toISOString();

interface Found {
  readonly record: Readonly<Record<string, unknown>>;
  readonly feedback?: readonly { readonly label: unknown }[];
}

/** As the owner of a pipeline begins: topics, and a revision with the stream, by the command. */
const declare = async (world: StreamsWorld) => {
  const [name, from, to] = [newName('churn'), newName('activity'), newName('scores')];
  await Promise.all([from, to].map((topic) => typed(world, 'topics', 'create', topic, '--partitions', '2')));
  const stream = {
    name,
    from,
    to,
    model: 'churn',
    version: '1.1.0',
    key: 'customer_id',
    features: 'customer',
  };
  const file = join(world.folder, 'draft.yaml');
  await writeFile(file, JSON.stringify({ streams: [{ ...stream, start: 'earliest' }] }));
  await typed(world, 'config', 'apply', '-f', file);
  return { name, from, to };
};

/** What the gateway says of a prediction, once it is found. */
const found = (world: StreamsWorld, { predictionId }: Scored, isLike: (found: Found) => boolean) =>
  waitFor(
    `the record of ${predictionId}`,
    async () => {
      const { status, json } = await world.ask('GET', `/v1/predictions/${predictionId}`);
      return status === 200 && isLike(json as Found) && (json as Found);
    },
    longMs,
  );

/** From `config apply` to what became known about a scored event. */
export const storyCases = (world: World): void => {
  test('a stream that is applied scores what its source holds as :predict would, and its predictions are recorded and joined', async () => {
    const { log, ask, command, store } = world();
    const { name, from, to } = await declare(world());
    await send(
      log,
      from,
      customers.map((customer, index) =>
        event('k', { customer_id: `c-${index}`, customer }, { timestampMs: eventTimeMs, partition: 1 }),
      ),
    );
    const byEntity = (one: Received, other: Received) => String(one.key).localeCompare(String(other.key));
    const messages = [...(await untilThere(log, to, customers.length))].sort(byEntity);
    assert.equal(messages.length, customers.length);
    for (const [index, message] of messages.entries()) {
      const scored = scoredOf(message);
      const { status, json } = await ask('POST', '/v1/models/churn/versions/1.1.0:predict', {
        features: customers[index],
      });
      assert.equal(status, 200);
      const answer = json as Pick<Scored, 'prediction' | 'release'>;
      assert.deepEqual(scored, {
        predictionId: scored.predictionId,
        stream: name,
        entityId: `c-${index}`,
        release: answer.release,
        prediction: answer.prediction,
        eventTime,
        source: { topic: from, partition: 1, offset: String(index) },
      });
      assert.equal(String(message.key), `c-${index}`);
      const { traceparent, ...headers } = headersOf(message);
      assert.deepEqual(headers, {
        ce_specversion: '1.0',
        ce_type: 'sluice.v1.ScoredEvent',
        ce_source: `/sluice/streams/${name}`,
        ce_dataschema: '/sluice/v1/ScoredEvent',
        'content-type': 'application/json',
        ce_id: scored.predictionId,
        ce_time: eventTime,
        ce_subject: `c-${index}`,
      });
      const { record } = await found(world(), scored, () => true);
      assert.deepEqual(
        ['door', 'entityId', 'code', 'release', 'traceId'].map((field) => record[field]),
        ['stream', `c-${index}`, 'OK', answer.release, traceparent?.split('-')[1]],
      );
    }
    const [first] = messages.map(scoredOf);
    assert.ok(first);
    const sent = await command('feedback', 'send', first.predictionId, '--label', 'yes');
    assert.deepEqual([sent.exitCode, sent.stderr], [0, '']);
    const { feedback } = await found(world(), first, ({ feedback = [] }) => feedback.length > 0);
    assert.equal(feedback?.[0]?.label, 'yes');
    await waitFor(
      'the events to be committed',
      async () => {
        const positions = await log.admin.committed(groupOf({ name }), from);
        return positions.find(({ partition }) => partition === 1)?.offset === 2n;
      },
      longMs,
    );
    await removeStreams(store, { name });
  });
};
