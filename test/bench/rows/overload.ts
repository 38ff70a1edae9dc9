import { codes } from '@sluice/kernel/errors/codes';
import type { Bench } from '../bench.ts';
import type { Sample } from '../figures.ts';
import { inferMatrices } from '../load/infer-questions.ts';
import { type Refusals, readRefusals } from '../load/metrics-text.ts';
import { askWithH2load, assertAnswered, inFlight } from '../load/run-question.ts';
import { steady } from '../model/matrices.ts';
import type { System } from '../systems/system.ts';
import type { Row } from './row.ts';

const deadlineMs = 250;
const timesPeak = 5;
const connections = 4;
/** On each connection; more than can wait within the deadline. */
const streams = 4_000;

/** Codes by which a gateway says that there is no room. */
const refusals = new Set(
  Object.entries(codes).flatMap(([code, { grpc }]) => (grpc === 'RESOURCE_EXHAUSTED' ? [code] : [])),
);

const refusedBy = async ({ metrics }: System): Promise<Refusals> =>
  readRefusals(await (await fetch(`${metrics}/metrics`)).text(), refusals);

const unhurried = inferMatrices(steady);
const withDeadline = inferMatrices(steady, deadlineMs);

/** Answers in a second when as many are asked as can be answered. */
const measurePeak = async (bench: Bench, system: System, answerBytes: number): Promise<number> => {
  const asked = { ...inFlight(64), until: { seconds: bench.seconds } };
  const result = await askWithH2load(bench, system, unhurried, asked);
  assertAnswered(result, answerBytes);
  return result.perSecond;
};

/** Only answers that came in time have data: a refusal, and one that is too late, are a status alone. */
const measureOverload = async (
  bench: Bench,
  system: System,
  answerBytes: number,
  peakPerSecond: number,
): Promise<Sample> => {
  const ratePerConnection = Math.ceil((timesPeak * peakPerSecond) / connections);
  const asked = { connections, streams, ratePerConnection, until: { seconds: bench.seconds } };
  const before = await refusedBy(system);
  const { done, dataBytes } = await askWithH2load(bench, system, withDeadline, asked);
  const after = await refusedBy(system);
  const refused = after.all - before.all;
  const goodputPerSecond = dataBytes / answerBytes / bench.seconds;
  return {
    peakPerSecond,
    offeredPerSecond: ratePerConnection * connections,
    goodputPerSecond,
    goodputPercent: (100 * goodputPerSecond) / peakPerSecond,
    refusedPercent: (100 * refused) / done,
    refusedFastPercent: (100 * (after.fast - before.fast)) / refused,
  };
};

/** An open loop offers five times what the model can do, each request with a deadline. */
export const overloadRow = (): Row => {
  let answerBytes = 0;
  return {
    name: 'overload',
    title: `a model of about 1 ms without a batch axis, ${timesPeak}× its peak offered, deadline ${deadlineMs} ms`,
    section: 'overload',
    needs: ['h2load'],
    prepare: async (bench) => {
      answerBytes = await unhurried.ask(await bench.system('sluice-steady'));
    },
    measure: async (bench) => {
      const system = await bench.system('sluice-steady');
      const peak = await measurePeak(bench, system, answerBytes);
      return await measureOverload(bench, system, answerBytes, peak);
    },
  };
};
