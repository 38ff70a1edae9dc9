import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identityModel } from '@sluice/kernel/testing/onnx-model';
import { startProcess } from '../../support/process.ts';
import { adminEnv } from '../../support/publishing.ts';
import type { Environment } from '../../support/sluice.ts';
import { matrixModel, slow, steady } from '../model/matrices.ts';
import { judgedRelease, limitedRelease, trees, treesRelease } from '../model/trees.ts';
import { startMlserver } from './mlserver.ts';
import { startRuntimeSystem, startSluiceSystem } from './sluice.ts';
import { withKafka } from './streaming.ts';
import type { System } from './system.ts';

/** What a start may need; each is there only once. */
export interface Surroundings {
  /** The Python of MLServer's virtual environment. */
  readonly python: () => Promise<string>;
  /** The address of a collector that only counts. */
  readonly collector: () => Promise<string>;
}

export const echo = 'echo';
export const manyModels = 100;
/** Versions of `trees` that take turns as the default. */
export const swapped = [trees.version, '1.0.1'] as const;

/** `trees` itself, and copies under other names. */
const many = (): Record<string, Uint8Array | string> => {
  const names = Array.from({ length: manyModels - 1 }, (_, index) => `${trees.name}-${index + 1}`);
  return Object.assign({}, ...[trees.name, ...names].map((name) => treesRelease(name)));
};

const tracingEnv = async ({ collector }: Surroundings, share: number): Promise<Environment> => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: await collector(),
  OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
  OTEL_TRACES_SAMPLER_ARG: String(share),
});

const traced = async (around: Surroundings, share: number): Promise<System> =>
  startSluiceSystem({ files: treesRelease(), env: await tracingEnv(around, share) });

/** Nothing tells the gateway that a record is stored: all of a benchmark stay in its spool. */
const spoolBytes = String(64 * 1024 ** 3);

/** Records every request, or none with the same code, onto an embedded log in a folder that goes with the system. */
const recording = async (records: boolean, env: Environment = {}): Promise<System> => {
  await using stack = new AsyncDisposableStack();
  const home = await mkdtemp(join(tmpdir(), 'sluice-recording-'));
  stack.defer(() => rm(home, { recursive: true, force: true }));
  const ours = { SLUICE_HOME: home, RECORDS: String(records), SPOOL_MAX_BYTES: spoolBytes, ...env };
  const system = stack.use(await startSluiceSystem({ files: treesRelease(), env: ours }));
  const owned = stack.move();
  return { ...system, [Symbol.asyncDispose]: () => owned.disposeAsync() };
};

/** All systems; each runs from the first row that asks it to the end. */
export const systems = {
  'mlserver-0': async ({ python }) => startMlserver(await python(), 0),
  'mlserver-1': async ({ python }) => startMlserver(await python(), 1),
  runtime: () => startRuntimeSystem({ files: treesRelease() }),
  sluice: () => startSluiceSystem({ files: { ...treesRelease(), ...limitedRelease(), ...judgedRelease() } }),
  'sluice-2-gateways': () => startSluiceSystem({ files: treesRelease(), gateways: 2 }),
  'sluice-traced-1': (around) => traced(around, 0.01),
  'sluice-traced-100': (around) => traced(around, 1),
  'sluice-unrecorded': () => recording(false),
  'sluice-recorded': () => recording(true),
  'sluice-recorded-traced-10': async (around) => recording(true, await tracingEnv(around, 0.1)),
  /** Records what the revision says. */
  'sluice-streaming': () => withKafka((env) => recording(true, env)),
  'sluice-100-models': () => startSluiceSystem({ files: many() }),
  'sluice-large': () =>
    startSluiceSystem({
      files: { [`${echo}/1/model.onnx`]: identityModel([{ datatype: 'FP32', shape: ['N', 'M'] }]) },
    }),
  'sluice-slow': () =>
    startSluiceSystem({
      files: { ...treesRelease(), [`${slow.name}/1/model.onnx`]: matrixModel(slow.size, slow.products) },
    }),
  'sluice-steady': () =>
    startSluiceSystem({
      files: { [`${steady.name}/1/model.onnx`]: matrixModel(steady.size, steady.products) },
    }),
  'sluice-two-releases': () =>
    startSluiceSystem({
      files: Object.assign({}, ...swapped.map((version) => treesRelease(trees.name, version))),
    }),
  /** Of its own, so that no other row has used its memory. */
  'sluice-memory': () => startSluiceSystem({ files: treesRelease() }),
  'sluice-publishing': () => startSluiceSystem({ files: treesRelease(), env: adminEnv }),
} satisfies Record<string, (around: Surroundings) => Promise<System>>;

export type SystemName = keyof typeof systems;

/** Starts the collector as a process of its own, so that its work is nobody else's. */
export const startCollector = async (stack: AsyncDisposableStack): Promise<string> => {
  const running = stack.use(startProcess('test/bench/otlp-sink/main.ts', {}));
  const { url } = await running.line('listening');
  return String(url);
};
