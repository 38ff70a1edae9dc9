import assert from 'node:assert/strict';
import type { ModelInferResponse__Output } from '@sluice/protos/gen/inference/ModelInferResponse';
import { type Clients, connect, unary } from '../../support/clients.ts';
import { adminKey, packageFolder, publish } from '../../support/publishing.ts';
import { runCommand } from '../../support/sluice-command.ts';
import type { Bench } from '../bench.ts';
import type { Sample } from '../figures.ts';
import { trees, treesRelease, treesTensor } from '../model/trees.ts';
import { percentile } from '../statistics.ts';
import type { System } from '../systems/system.ts';
import type { Row } from './row.ts';

const publications = 20;

const filesOf = (version: string): Record<string, Uint8Array | string> => ({
  'model.onnx': treesRelease()[`${trees.name}/${trees.version}/model.onnx`] ?? '',
  'card.md': version,
});

const askFor = async ({ inference }: Clients, version: string): Promise<void> => {
  const features = treesTensor(1);
  const answer = await unary<ModelInferResponse__Output>((done) =>
    inference.ModelInfer(
      {
        modelName: trees.name,
        modelVersion: version,
        inputs: [{ name: 'features', datatype: 'FP32', shape: [1, trees.columns] }],
        rawInputContents: [Buffer.from(features.buffer, features.byteOffset, features.byteLength)],
      },
      done,
    ),
  );
  assert.equal(answer.modelVersion, version);
};

/** Milliseconds until a release answers that is published in this way. */
const timeOf = async (
  clients: Clients,
  version: string,
  publishing: (folder: Awaited<ReturnType<typeof packageFolder>>) => Promise<unknown>,
): Promise<number> => {
  await using local = await packageFolder(trees.name, version, filesOf(version));
  const startedAt = performance.now();
  await publishing(local);
  await askFor(clients, version);
  return performance.now() - startedAt;
};

/** The command as a user types it: most of it is the start of a process. */
const byCommand = ({ http }: System, clients: Clients, version: string): Promise<number> =>
  timeOf(clients, version, async ({ folder }) => {
    const named = ['--model', trees.name, '--version', version];
    const { exitCode, stderr } = await runCommand(['release', 'publish', folder, ...named], {
      SLUICE_SERVER: http,
      SLUICE_ADMIN_KEY: adminKey,
    });
    assert.equal(exitCode, 0, stderr);
  });

const sampleOf = async (bench: Bench): Promise<Sample> => {
  const system = await bench.system('sluice-publishing');
  using clients = connect(system.grpc);
  const times: number[] = [];
  for (let index = 1; index <= publications; index += 1)
    times.push(await timeOf(clients, `1.0.${index}`, (local) => publish(system.grpc, local)));
  const commandMs = await byCommand(system, clients, '2.0.0');
  const sorted = times.toSorted((a, b) => a - b);
  return { publishMs: percentile(sorted, 0.5), publishWorstMs: sorted.at(-1) ?? Number.NaN, commandMs };
};

/** From a folder to the first answer of its release. */
export const publishRow = (): Row => ({
  name: 'publish',
  title: `a release of \`trees\` from its folder to its first answer, ${publications} one after the other`,
  section: 'publish',
  needs: [],
  once: true,
  prepare: async (bench) => void (await bench.system('sluice-publishing')),
  measure: sampleOf,
});
