import { type EditSettings, editModel } from '@sluice/kernel/revision/edit-revision';
import { openStore } from '@sluice/kernel/store/open-store';
import { waitFor } from '../../support/wait-for.ts';
import type { Bench } from '../bench.ts';
import type { Sample } from '../figures.ts';
import { inferTrees } from '../load/infer-questions.ts';
import { readFailures } from '../load/metrics-text.ts';
import { createPace, type Paced } from '../load/pace.ts';
import { askWithH2load, assertAnswered, inFlight } from '../load/run-question.ts';
import { trees } from '../model/trees.ts';
import { spreadOf } from '../statistics.ts';
import type { System } from '../systems/system.ts';
import { swapped } from '../systems/systems.ts';
import type { Row } from './row.ts';

const question = inferTrees(1);
const inFlightRequests = 64;
const by = { who: 'bench', why: 'a swap' };

const failuresOf = async ({ metrics }: System): Promise<number> =>
  readFailures(await (await fetch(`${metrics}/metrics`)).text());

const revisionOf = async ({ http }: System): Promise<number> =>
  ((await (await fetch(`${http}/health`)).json()) as { revision: number }).revision;

/** Makes the other release the default, waits until the gateway has followed, and so on; milliseconds of each. */
const keepSwapping = async (system: System, signal: AbortSignal): Promise<number[]> => {
  const store = openStore(system.store);
  const took: number[] = [];
  while (!signal.aborted) {
    const version = swapped[took.length % swapped.length] ?? trees.version;
    const edit: EditSettings = (settings) => ({ ...settings, default: version });
    const { revision } = await editModel(store, trees.name, edit, by);
    const appliedAt = performance.now();
    await waitFor('the gateway to follow', async () => (await revisionOf(system)) >= revision.revision);
    took.push(performance.now() - appliedAt);
  }
  return took;
};

const sampleOf = async (bench: Bench, swaps: boolean, answerBytes: number, paced: Paced): Promise<Sample> => {
  const system = await bench.system('sluice-two-releases');
  const failedBefore = await failuresOf(system);
  const { result, took } = await paced(bench.seconds, async (requests) => {
    const stop = new AbortController();
    const swapping = swaps ? keepSwapping(system, stop.signal) : Promise.resolve([]);
    const asked = { ...inFlight(inFlightRequests), until: { requests }, logFolder: bench.folder };
    const measured = await askWithH2load(bench, system, question, asked).finally(() => stop.abort());
    return { result: measured, took: await swapping, ...measured };
  });
  assertAnswered(result, answerBytes);
  const { perSecond, p50Us = Number.NaN, p99Us = Number.NaN } = result;
  const swapMs = spreadOf(took)?.median;
  return {
    requestsPerSecond: perSecond,
    p50Us,
    p99Us,
    failedRequests: (await failuresOf(system)) - failedBefore,
    ...(swapMs !== undefined && { swapMs }),
  };
};

/** 64 in flight who ask for the default, with or without somebody who moves it all the time. */
export const swapRow = (name: string, title: string, swaps: boolean): Row => {
  const paced = createPace(inFlightRequests);
  let answerBytes = 0;
  return {
    name,
    title,
    section: 'swap',
    needs: ['h2load'],
    prepare: async (bench) => {
      const system = await bench.system('sluice-two-releases');
      answerBytes = await question.ask(system);
      const load = (seconds: number) => sampleOf({ ...bench, seconds }, swaps, answerBytes, paced);
      await bench.warmUp('sluice-two-releases', question, load);
    },
    measure: (bench) => sampleOf(bench, swaps, answerBytes, paced),
  };
};
