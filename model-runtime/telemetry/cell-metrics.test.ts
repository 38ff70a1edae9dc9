import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRegistry, emptyRegistry } from '@sluice/kernel/telemetry/registry';
import type { Registry } from 'prom-client';
import type { Cell } from '../cells/cell.ts';
import type { MetricsJson } from '../cells/messages.ts';
import type { ReleaseCells } from '../cells/release-cells.ts';
import { testRelease as release } from '../testing/cells.ts';
import { registerCellMetrics } from './cell-metrics.ts';
import { registerRuntimeMetrics } from './runtime-metrics.ts';

const report = {
  jobs: [],
  startedAt: 0,
  computeStartedAt: 0,
  computeEndedAt: 1,
  endedAt: 1,
  error: undefined,
};

/** What a cell or a runtime tells that computed so many batches, over the channel. */
const computed = async (registry: Registry, batches: number): Promise<MetricsJson> => {
  const observe = registerRuntimeMetrics(registry);
  for (let batch = 0; batch < batches; batch += 1) observe(release, report);
  return JSON.parse(JSON.stringify(await registry.getMetricsAsJSON()));
};
const ofCell = (batches: number): Promise<MetricsJson> => computed(emptyRegistry('dev'), batches);

const cellWith = (metrics: MetricsJson, answers = Promise.resolve()): Cell =>
  ({ port: 1, link: {}, metrics, askMetrics: () => answers }) as unknown as Cell;

const start = async (registry: Registry, own: number) => {
  const cells: Cell[] = [];
  const all = [{ release, cells } as unknown as ReleaseCells];
  const metrics = registerCellMetrics(registry, () => all);
  await computed(registry, own);
  return { cells, metrics };
};

const batchesIn = async ({ metrics }: { metrics(): Promise<string> }): Promise<number> => {
  const found = /^sluice_runtime_batch_seconds_count\{.*\} (\d+)$/m.exec(await metrics());
  return Number(found?.[1]);
};

test('a scrape tells the sum over the runtime and its cells', async () => {
  const { cells, metrics } = await start(emptyRegistry('dev'), 1);
  cells.push(cellWith(await ofCell(2)), cellWith(await ofCell(4)));
  assert.equal(await batchesIn(metrics.merged), 7);
  assert.match(
    await metrics.merged.metrics(),
    /^sluice_runtime_cells\{model="m",version="1",environment="dev"\} 2$/m,
  );
});

test('a cell that does not answer stands there as it was last', async () => {
  const { cells, metrics } = await start(emptyRegistry('dev'), 1);
  cells.push(cellWith(await ofCell(2), new Promise(() => undefined)));
  assert.equal(await batchesIn(metrics.merged), 3);
});

test('what a cell has counted stays when it has ended, what it measured goes', async () => {
  const { cells, metrics } = await start(emptyRegistry('dev'), 1);
  const gauge = { name: 'sluice_runtime_queued_requests', help: '', type: 'gauge', aggregator: 'sum' };
  const values = [{ value: 9, labels: { model: 'm', version: '1' } }];
  for (const kind of ['crashed', 'hung', 'asked'] as const)
    metrics.ended(release, { kind, reason: '', livedMs: 1 }, [...(await ofCell(2)), { ...gauge, values }]);
  cells.push(cellWith(await ofCell(4)));
  assert.equal(await batchesIn(metrics.merged), 11);
  const text = await metrics.merged.metrics();
  assert.doesNotMatch(text, /queued_requests\{.* 9/);
  assert.match(text, /cell_ends_total\{model="m",version="1",reason="crashed",environment="dev"\} 1/);
  assert.match(text, /cell_ends_total\{model="m",version="1",reason="hung",environment="dev"\} 1/);
  assert.doesNotMatch(text, /reason="asked"/);
});

test('the metrics of the runtime alone are those of prom-client, none left out', async () => {
  const registry = createRegistry('dev');
  const { metrics } = await start(registry, 1);
  const names = (text: string) => [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name).sort();
  assert.deepEqual(names(await metrics.merged.metrics()), names(await registry.metrics()));
});
