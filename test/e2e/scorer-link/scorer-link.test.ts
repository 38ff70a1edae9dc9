import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fromStruct } from '@sluice/kernel/features/struct';
import { rowWriter } from '@sluice/kernel/link/rows';
import { loadRecordCodecs } from '@sluice/kernel/records/record-codec';
import { openScorerLink, type ScorerLink } from '@sluice/kernel/rpc/testing/scorer-link';
import { freePort } from '@sluice/kernel/testing/free-port';
import type { Layout } from '@sluice/protos/gen/sluice/gateway/v1/Layout';
import type { ScoreEntry } from '@sluice/protos/gen/sluice/gateway/v1/ScoreEntry';
import { metricOf } from '../../fault/support/metrics.ts';
import { features } from '../../support/churn.ts';
import { type OtlpReceiver, startOtlpReceiver } from '../../support/otlp-receiver.ts';
import { type RunningSluice, startSluice } from '../../support/sluice.ts';
import { waitFor } from '../../support/wait-for.ts';

const longMs = 60_000;
const serverKind = 2;
const codecs = loadRecordCodecs();
const customer = features();
const layouts: Layout[] = [];
const row = rowWriter((layout) => layouts.push(layout))(customer);
const common = { stream: 'churn-events', model: 'churn', version: '1.0.0' };
const bindings = [
  { id: 1, ...common },
  { id: 2, ...common, returnsRecord: true },
  { id: 3, ...common, replay: true },
];
const idOf = (number: number): string => `019a0000-0000-7000-8000-${String(number).padStart(12, '0')}`;

const entry = (id: number, binding: number, more: Partial<ScoreEntry> = {}): ScoreEntry => ({
  id,
  binding,
  features: row,
  predictionId: idOf(id),
  ...more,
});

describe('the link between a scorer and a gateway', () => {
  const stack = new AsyncDisposableStack();
  let collector: OtlpReceiver;
  let sluice: RunningSluice;
  let scorer: ScorerLink;

  before(async () => {
    const home = await mkdtemp(join(tmpdir(), 'sluice-link-'));
    stack.defer(() => rm(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
    collector = stack.use(await startOtlpReceiver());
    const traced = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '50' };
    const env = {
      ...traced,
      OTEL_TRACES_SAMPLER: 'parentbased_always_off',
      RECORDS: 'true',
      SLUICE_HOME: home,
      GATEWAY_ID: 'gateway-1',
      // Nothing there ever says that records are stored: they stay in the spool.
      DATABASE_URL: `postgres://nobody@127.0.0.1:${await freePort()}/nothing`,
    };
    sluice = stack.use(await startSluice({ env, runtimeEnv: traced }));
    scorer = stack.use(openScorerLink(sluice.gateway.link));
    await scorer.announced(({ ready }) => ready);
    scorer.write({ layouts, bindings });
  });
  after(() => stack.disposeAsync());

  const metric = (name: string) => metricOf(sluice.gateway.metrics, name);

  test('five hundred events of one frame are answered and recorded, with what the model says of each', async () => {
    const before = await metric('sluice_spool_entries');
    const ids = Array.from({ length: 500 }, (_, index) => 1_000 + index);
    scorer.write({ entries: ids.map((id) => entry(id, 1)) });
    const answers = await scorer.answersTo(...ids);
    for (const { named, by, record } of answers) {
      assert.ok(typeof named?.['churn_probability'] === 'number', JSON.stringify(named));
      assert.deepEqual([by?.name, by?.version, record], ['churn', '1.0.0', null]);
    }
    assert.equal((await metric('sluice_spool_entries')) - before, 500);
  });

  test('a record that the scorer stores comes whole with the answer, and is not in the spool', async () => {
    const before = await metric('sluice_spool_entries');
    scorer.write({ entries: [entry(1, 2, { entityId: 'customer-1', requestId: 'r' })] });
    const [answer] = await scorer.answersTo(1);
    const record = codecs.record.decode(answer?.record?.value ?? Buffer.alloc(0));
    assert.deepEqual(fromStruct(record.input?.features ?? null), customer);
    assert.deepEqual(fromStruct(record.outcome?.prediction?.outputs ?? null), answer?.named);
    const { predictionId, door, gateway, model, version, entityId, requestId, code } = record;
    assert.deepEqual(
      { predictionId, door, gateway, model, version, entityId, requestId, code },
      {
        predictionId: idOf(1),
        door: 'stream',
        gateway: 'gateway-1',
        model: 'churn',
        version: '1.0.0',
        entityId: 'customer-1',
        requestId: 'r',
        code: 'OK',
      },
    );
    assert.equal(record.release?.digest, answer?.by?.digest);
    const announced = await scorer.announced(() => true);
    const headers = [...announced.recordHeaders, ...(answer?.record?.headers ?? [])];
    assert.deepEqual(
      headers.map(({ name, value }) => [name, value.toString()]),
      [
        ['ce_specversion', '1.0'],
        ['ce_type', 'sluice.v1.Record'],
        ['ce_source', '/sluice/gateways/gateway-1'],
        ['ce_dataschema', '/sluice/v1/Record'],
        ['content-type', 'application/protobuf'],
        ['ce_id', idOf(1)],
        ['ce_time', record.time],
        ['ce_subject', 'churn'],
        ['traceparent', answer?.traceparent],
      ],
    );
    assert.equal(answer?.record?.key.toString(), 'customer-1');
    assert.equal(await metric('sluice_spool_entries'), before);
  });

  test('past events that are scored once more are answered, and neither counted nor recorded', async () => {
    const counted = () =>
      Promise.all(['nv_inference_count', 'sluice_spool_entries', 'sluice_records_total'].map(metric));
    const before = await counted();
    scorer.write({ entries: [entry(2, 3)] });
    const [answer] = await scorer.answersTo(2);
    assert.ok(typeof answer?.named?.['churn_probability'] === 'number');
    assert.deepEqual(await counted(), before);
  });

  test('bad input is answered with its violations, and recorded as what it is', async () => {
    const tenure = { fields: { tenure: { stringValue: 'long' } } };
    scorer.write({ entries: [entry(3, 2, { features: { others: tenure } })] });
    const [answer] = await scorer.answersTo(3);
    assert.equal(answer?.failure?.code, 'INVALID_INPUT');
    assert.ok(answer.failure.violations.some(({ path }) => path.includes('tenure')));
    const record = codecs.record.decode(answer.record?.value ?? Buffer.alloc(0));
    assert.deepEqual(
      [record.code, fromStruct(record.input?.features ?? null)],
      ['INVALID_INPUT', { tenure: 'long' }],
    );
  });

  test("the gateway's span is a child of the event's, and the runtime's of the gateway's", async () => {
    const [traceId, eventSpan] = ['7'.repeat(32), '00f067aa0ba902b7'];
    scorer.write({ entries: [entry(4, 2, { traceparent: `00-${traceId}-${eventSpan}-01` })] });
    const [answer] = await scorer.answersTo(4);
    const spans = await waitFor(
      'the spans',
      () => {
        const found = collector.spans.filter((span) => span.traceId === traceId);
        return (
          ['compute', 'create sluice.predictions.v1'].every((name) =>
            found.some((span) => span.name === name),
          ) &&
          found.some(({ kind }) => kind === serverKind) &&
          found
        );
      },
      longMs,
    );
    const server = spans.find(({ kind }) => kind === serverKind);
    assert.equal(server?.name, 'sluice.gateway.v1.GatewayService/Exchange');
    assert.equal(server.parentSpanId, eventSpan);
    assert.equal(server.attributes['sluice.stream'], 'churn-events');
    assert.equal(server.attributes['sluice.prediction_id'], idOf(4));
    assert.equal(answer?.traceparent, `00-${traceId}-${server.spanId}-01`);
    assert.equal(spans.find(({ name }) => name === 'compute')?.parentSpanId, server.spanId);
  });

  test('a gateway that stops answers what it has, says that it drains, and ends the link', async () => {
    using other = openScorerLink(sluice.gateway.link);
    await other.announced(({ ready }) => ready);
    sluice.gateway.signal('SIGTERM');
    await other.announced(({ draining, ready }) => draining && !ready);
    assert.deepEqual([await other.ended, await scorer.ended], ['OK', 'OK']);
    assert.equal(await sluice.gateway.exited, 0);
  });
});
