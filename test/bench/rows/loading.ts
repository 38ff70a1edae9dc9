import { readFile } from 'node:fs/promises';
import { availableRuntimes } from '../../fault/support/metrics.ts';
import { connect, unary } from '../../support/clients.ts';
import { startGateway, startRuntime, startSluice } from '../../support/sluice.ts';
import { type TemporaryStore, temporaryStore } from '../../support/store.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { Sample } from '../figures.ts';
import { trees, treesTensor } from '../model/trees.ts';
import type { Row } from './row.ts';

const models = 20;
const versions = 25;
const env = { STORE_POLL_MS: '1000' };

/** The trees of the other rows, again and again: 20 models with 25 versions each. */
const manyReleases = async (): Promise<TemporaryStore> => {
  const graph = await readFile(new URL('../model/trees.onnx', import.meta.url));
  const names = Array.from({ length: models }, (_, model) =>
    Array.from({ length: versions }, (__, version) => `trees-${model}/1.${version}.0/model.onnx`),
  );
  return temporaryStore(Object.fromEntries(names.flat().map((path) => [path, graph])));
};

const atShare = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;

/** Time from asking for a release that nobody has asked for to its answer, one after the other. */
const measureLoads = async (): Promise<Sample> => {
  await using store = await manyReleases();
  await using sluice = await startSluice({ store: store.url, env, runtimeEnv: env });
  using clients = connect(sluice.gateway.grpc);
  const inputs = [{ name: 'features', datatype: 'FP32', shape: [1, trees.columns] }];
  const values = treesTensor(1);
  const rawInputContents = [Buffer.from(values.buffer, values.byteOffset, values.byteLength)];
  const times: number[] = [];
  for (let model = 0; model < models; model += 1)
    for (let version = 0; version < versions - 1; version += 1) {
      const startedAt = performance.now();
      const [modelName, modelVersion] = [`trees-${model}`, `1.${version}.0`];
      const request = { modelName, modelVersion, inputs, rawInputContents };
      await unary((done) => clients.inference.ModelInfer(request, done));
      times.push(performance.now() - startedAt);
    }
  times.sort((a, b) => a - b);
  return { p50Ms: atShare(times, 0.5), p99Ms: atShare(times, 0.99) };
};

/** Milliseconds from each process's command to ready. */
const measureStart = async (): Promise<Sample> => {
  await using store = await manyReleases();
  const startedAt = performance.now();
  await using runtime = await startRuntime(store.url, env);
  const runtimeStartMs = performance.now() - startedAt;
  await using gateway = await startGateway([runtime.grpc], store.url, env);
  await waitFor('the gateway to see its runtime', async () => (await availableRuntimes(gateway)) > 0);
  return { runtimeStartMs, gatewayStartMs: performance.now() - startedAt - runtimeStartMs };
};

const row = (name: string, title: string, measure: Row['measure']): Row => ({
  name,
  title,
  section: 'loading',
  needs: [],
  once: true,
  prepare: async () => {},
  measure,
});

/** The first request for each of 480 releases. */
export const loadOnDemandRow = (): Row =>
  row(
    'load-on-demand',
    'the first request for a release that is not loaded (54 KiB), 480 times',
    measureLoads,
  );

/** A start over many releases. */
export const startManyRow = (): Row =>
  row('start-500', '500 releases of 20 models in the store, from the command to ready', measureStart);
