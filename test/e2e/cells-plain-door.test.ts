import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { ModelInferResponse__Output } from '@sluice/protos/gen/inference/ModelInferResponse';
import type { ModelStatisticsResponse__Output } from '@sluice/protos/gen/inference/ModelStatisticsResponse';
import { metricOf } from '../fault/support/metrics.ts';
import { outcomeOf } from '../fault/support/outcome.ts';
import { aWhile, type Celled, endless, isAlive, quick, slowFiles, startCelled } from '../support/celled.ts';
import { type Clients, connect, unary } from '../support/clients.ts';
import { startOtlpReceiver } from '../support/otlp-receiver.ts';
import { waitFor } from '../support/wait-for.ts';

const request = (side: number) => ({
  modelName: 'slow',
  id: String(side),
  inputs: [{ name: 'size', datatype: 'INT64', shape: [2] }],
  rawInputContents: [Buffer.from(BigInt64Array.of(BigInt(side), BigInt(side)).buffer)],
});

const ask = ({ inference }: Clients, side: number, deadlineMs = 60_000, parameters = {}) =>
  unary<ModelInferResponse__Output>((done) =>
    inference.ModelInfer({ ...request(side), parameters }, { deadline: Date.now() + deadlineMs }, done),
  );

/** Far beyond what `aWhile` takes on a busy machine. */
const maxComputeMs = 8_000;

describe('the plain door of a runtime answers for a release in cells', () => {
  let celled: Celled;
  let clients: Clients;

  before(async () => {
    celled = await startCelled(slowFiles({ isolation: 'cell', instances: 2, maxComputeMs }));
    clients = connect(celled.runtime.grpc);
    await waitFor('both cells', () => celled.link.cells('slow').length === 2);
  });
  after(async () => {
    clients[Symbol.dispose]();
    await celled[Symbol.asyncDispose]();
  });

  const batches = () =>
    metricOf(`http://${celled.runtime.metrics}`, 'sluice_runtime_batch_size_sum', 'model="slow"');

  test('with the answer, and counted with its times', async () => {
    const { id, outputs, rawOutputContents } = await ask(clients, quick);
    assert.deepEqual([id, outputs.map(({ name }) => name)], [String(quick), ['sum']]);
    assert.equal(rawOutputContents[0]?.readFloatLE(), 0);
    const { modelStats } = await unary<ModelStatisticsResponse__Output>((done) =>
      clients.inference.ModelStatistics({ name: 'slow' }, done),
    );
    const [of] = modelStats;
    assert.equal(Number(of?.executionCount), 1);
    assert.ok(Number(of?.inferenceStats?.computeInfer?.ns) > 0, 'the time that the cell told');
  });

  test('with metadata, readiness and the index, as of any other', async () => {
    const { inference } = clients;
    const metadata = await unary<{ inputs: { name: string }[] }>((done) =>
      inference.ModelMetadata({ name: 'slow' }, done),
    );
    assert.deepEqual(
      metadata.inputs.map(({ name }) => name),
      ['size'],
    );
    const { ready } = await unary<{ ready: boolean }>((done) => inference.ModelReady({ name: 'slow' }, done));
    assert.equal(ready, true);
    const { models } = await unary<{ models: { state: string }[] }>((done) =>
      inference.RepositoryIndex({}, done),
    );
    assert.deepEqual(
      models.map(({ state }) => state),
      ['READY'],
    );
  });

  test('with the fault of a bad input', async () => {
    const bad = { ...request(quick), inputs: [{ name: 'side', datatype: 'INT64', shape: [2] }] };
    const error = await unary((done) => clients.inference.ModelInfer(bad, done)).catch(outcomeOf);
    assert.deepEqual((error as { code: string }).code, 'INVALID_INPUT');
  });

  test('with the error of the graph', async () => {
    const error = await ask(clients, -1).catch(outcomeOf);
    assert.equal('code' in error && error.code, 'COMPUTE_FAILED');
  });

  test('from the cell that has less to do', async () => {
    const long = ask(clients, aWhile);
    for (let count = 0; count < 20; count += 1) await ask(clients, quick);
    await long;
  });

  test('with batches in its metrics that do not fall when a cell is gone', async () => {
    const before = await waitFor('the cells to have told', async () => {
      const now = await batches();
      return now >= 22 && now;
    });
    assert.equal(
      await metricOf(`http://${celled.runtime.metrics}`, 'sluice_runtime_cells', 'model="slow"'),
      2,
    );
    const [first = 0] = celled.pids('slow');
    process.kill(first, 'SIGKILL');
    await waitFor('the cell to be replaced', () => celled.pids('slow').length === 3);
    assert.ok((await batches()) >= before);
    await ask(clients, quick);
    await waitFor('the new batch', async () => (await batches()) > before);
  });

  test('with DEADLINE_EXCEEDED while a cell computes, and the queue of the cell drops it', async () => {
    // First in any order: else the near deadline goes before what came with it in one frame.
    const first = { priority: { uint64Param: 1 } };
    const long = [ask(clients, aWhile, 60_000, first), ask(clients, aWhile, 60_000, first)];
    const error = await ask(clients, quick, 20).catch(outcomeOf);
    assert.equal('status' in error && error.status, 4);
    await Promise.all(long);
  });

  test('with the reason when a cell is ended because it hung', async () => {
    const error = await ask(clients, endless).catch(outcomeOf);
    assert.equal('code' in error && error.code, 'RUNTIME_LOST');
    assert.match(
      String('message' in error && error.message),
      /computed for longer than maxComputeMs \(8000 ms\)/,
    );
    await waitFor('the cell to be replaced', () => celled.pids('slow').filter(isAlive).length === 2);
  });
});

test('one trace from the plain door through the cell', async () => {
  await using receiver = await startOtlpReceiver();
  await using celled = await startCelled(slowFiles({ isolation: 'cell' }), {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_BSP_SCHEDULE_DELAY: '50',
  });
  using clients = connect(celled.runtime.grpc);
  await ask(clients, quick);
  const spans = await waitFor('the spans', () => receiver.spans.length >= 4 && receiver.spans);
  const door = spans.find(({ name }) => name === 'inference.GRPCInferenceService/ModelInfer');
  assert.deepEqual(new Set(spans.map(({ traceId }) => traceId)), new Set([door?.traceId]));
  assert.equal(spans.find(({ name }) => name === 'compute')?.parentSpanId, door?.spanId);
});
