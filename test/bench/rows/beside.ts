import type { Bench } from '../bench.ts';
import type { Sample } from '../figures.ts';
import { inferMatrices, inferTrees } from '../load/infer-questions.ts';
import { askWithH2load, assertAnswered, inFlight } from '../load/run-question.ts';
import { slow } from '../model/matrices.ts';
import type { Row } from './row.ts';

const connections = 4;
const requestsPerSecond = 500;
/** On each connection: as many as come while the slow model computes, and more. */
const streams = 250;

const fast = inferTrees(1);
const slowly = inferMatrices(slow);

const sampleOf = async (bench: Bench, beside: boolean, answerBytes: number): Promise<Sample> => {
  const system = await bench.system('sluice-slow');
  const until = { seconds: bench.seconds };
  const rate = { connections, streams, ratePerConnection: requestsPerSecond / connections };
  const [result] = await Promise.all([
    askWithH2load(bench, system, fast, { ...rate, until, logFolder: bench.folder }),
    ...(beside ? [askWithH2load(bench, system, slowly, { ...inFlight(1), until })] : []),
  ]);
  assertAnswered(result, answerBytes);
  const { perSecond, p50Us = Number.NaN, p99Us = Number.NaN } = result;
  return { requestsPerSecond: perSecond, p50Us, p99Us };
};

/** A fast model asked at a steady rate, with or without one request to a slow one always under way. */
export const besideRow = (name: string, title: string, beside: boolean): Row => {
  let answerBytes = 0;
  return {
    name,
    title,
    section: 'slow',
    needs: ['h2load'],
    prepare: async (bench) => {
      const system = await bench.system('sluice-slow');
      await slowly.ask(system);
      answerBytes = await fast.ask(system);
    },
    measure: (bench) => sampleOf(bench, beside, answerBytes),
  };
};
