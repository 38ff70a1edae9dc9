import type { Bench } from '../bench.ts';
import type { Sample } from '../figures.ts';
import { inferTrees } from '../load/infer-questions.ts';
import { askWithH2load, assertAnswered, inFlight } from '../load/run-question.ts';
import { memoryOf } from '../process/memory.ts';
import type { System } from '../systems/system.ts';
import type { Row } from './row.ts';

const question = inferTrees(1);
/** Of the measured requests: the heaps of both processes have then found their size. */
const warmUpShare = 1;

const anonymousOf = ({ processes }: System, wanted: 'gateway' | 'runtime'): number =>
  memoryOf(processes.find(({ part }) => part === wanted)?.pid ?? 0).anonymous;

const sampleOf = async (bench: Bench, answerBytes: number): Promise<Sample> => {
  const system = await bench.system('sluice-memory');
  const send = async (requests: number): Promise<void> =>
    assertAnswered(
      await askWithH2load(bench, system, question, { ...inFlight(64), until: { requests } }),
      answerBytes,
    );
  await send(Math.ceil(bench.memoryRequests * warmUpShare));
  const [gatewayWarmMiB, runtimeWarmMiB] = [anonymousOf(system, 'gateway'), anonymousOf(system, 'runtime')];
  await send(bench.memoryRequests);
  return {
    gatewayWarmMiB,
    gatewayGrowthMiB: anonymousOf(system, 'gateway') - gatewayWarmMiB,
    runtimeWarmMiB,
    runtimeGrowthMiB: anonymousOf(system, 'runtime') - runtimeWarmMiB,
  };
};

/** Anonymous memory (RssAnon) of both processes after a warm-up, and after many more requests. */
export const memoryRow = (): Row => {
  let answerBytes = 0;
  return {
    name: 'memory',
    title: 'ModelInfer, 64 in flight: anonymous memory',
    section: 'memory',
    needs: ['h2load'],
    once: true,
    prepare: async (bench) => {
      answerBytes = await question.ask(await bench.system('sluice-memory'));
    },
    measure: (bench) => sampleOf(bench, answerBytes),
  };
};
