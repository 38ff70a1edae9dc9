import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { openEventLog } from '@sluice/kernel/event-log/open-event-log';
import { openPredictionReader } from '@sluice/kernel/records/open-prediction-reader';
import { codecs, idAt, received } from '@sluice/kernel/records/testing/records';
import { predictionsTopic, sequenceHeader, spoolHeader } from '@sluice/kernel/records/topics';
import { startConsumers, startDatabase, untilConsuming } from '../../support/consumers.ts';
import { startOtlpReceiver } from '../../support/otlp-receiver.ts';
import { recordsKinds, startRecords } from '../../support/records.ts';
import { waitFor } from '../../support/wait-for.ts';

const longMs = 90_000;
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const parent = '00f067aa0ba902b7';

for (const { kind, skip } of recordsKinds)
  describe(`the consumers on the ${kind} pair`, { skip }, () => {
    test('a record is a row although they were killed, and its span is a child of whoever sent it', async () => {
      await using records = await startRecords(kind);
      await using collector = await startOtlpReceiver();
      const tracing = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '100' };
      {
        await using first = await startConsumers(records.env);
        await untilConsuming(first);
      }
      const { record, bytes } = received({ predictionId: idAt(Date.now()) });
      const headers = {
        [spoolHeader]: randomUUID(),
        [sequenceHeader]: '0',
        traceparent: `00-${traceId}-${parent}-01`,
      };
      {
        await using log = await openEventLog({ url: records.env.EVENT_LOG_URL });
        await using producer = await log.openProducer();
        const pairs = Object.entries(headers).map(([name, value]) => [name, Buffer.from(value)] as const);
        const message = { key: Buffer.from(record.predictionId), value: bytes, headers: pairs };
        await producer.send([{ topic: predictionsTopic, messages: [message] }]);
      }
      await using _ = await startConsumers({ ...records.env, ...tracing });
      await using reader = openPredictionReader({ url: records.env.DATABASE_URL, codecs });
      const row = await waitFor('the row', () => reader.get(record.predictionId), longMs);
      assert.equal(row.record.model, 'churn');
      const span = await waitFor(
        'the span',
        () => collector.spans.find(({ name }) => name === `process ${predictionsTopic}`),
        longMs,
      );
      assert.deepEqual(
        [span.service, span.traceId, span.parentSpanId],
        ['sluice-consumers', traceId, parent],
      );
      assert.equal(span.attributes['sluice.prediction_id'], record.predictionId);
      assert.equal(span.attributes['messaging.system'], kind === 'cluster' ? 'kafka' : 'lmdb');
    });
  });

test('the embedded database survives kill -9, and no other process opens its folder meanwhile', async () => {
  await using records = await startRecords('embedded');
  const second = startDatabase(records.home);
  await assert.rejects(second, /is the database of another process that runs/);
  await records.database.kill();
  await records.database.restart();
});
