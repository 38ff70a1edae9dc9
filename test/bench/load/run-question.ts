import type { Bench } from '../bench.ts';
import type { Sample } from '../figures.ts';
import { cpuSecondsOf, ownChildrenCpuSeconds } from '../process/cpu.ts';
import type { Part, System } from '../systems/system.ts';
import { type H2loadResult, type H2loadRun, runH2load } from './h2load.ts';
import type { Question } from './question.ts';

/** How it is asked: so many connections with so many requests at a time on each. */
export interface Shape {
  readonly connections: number;
  readonly streams: number;
}

/** So many requests in flight in all, over at most four connections, as a few clients would hold them. */
export const inFlight = (requests: number): Shape => {
  const connections = Math.min(4, requests);
  return { connections, streams: requests / connections };
};

/** Some answers differ by a few bytes, for instance in their times; an error has none at all. */
const leastShare = 0.95;

/** @throws Error when h2load got fewer bytes than right answers have: it does not look at grpc-status itself. */
export const assertAnswered = ({ done, dataBytes }: H2loadResult, answerBytes: number): void => {
  const share = dataBytes / (done * answerBytes);
  if (!(share > leastShare))
    throw new Error(`only ${(share * 100).toFixed(1)} % of the answers came with data`);
};

export type Asked = Pick<H2loadRun, 'until'> &
  Partial<Pick<H2loadRun, 'ratePerConnection' | 'logFolder'>> &
  Shape;

/** h2load asks one question of a system. */
export const askWithH2load = async (
  bench: Bench,
  { grpc, http }: System,
  question: Question,
  asked: Asked,
): Promise<H2loadResult> =>
  runH2load({
    ...asked,
    url: `${question.door === 'grpc' ? `http://${grpc}` : http}${question.path}`,
    body: await bench.bodyOf(question),
    headers: question.headers,
    http1: question.door === 'rest',
  });

const partFigures = {
  gateway: 'gatewayCpuUs',
  runtime: 'runtimeCpuUs',
  mlserver: 'mlserverCpuUs',
  consumer: 'consumerCpuUs',
  broker: 'brokerCpuUs',
} as const satisfies Record<Part, string>;

const cpuByPart = ({ processes }: Pick<System, 'processes'>): Map<Part, number> => {
  const seconds = new Map<Part, number>();
  for (const { part, pid } of processes) seconds.set(part, (seconds.get(part) ?? 0) + cpuSecondsOf(pid));
  return seconds;
};

/** Runs a load, and what of processor time each part of the system and the load itself took for one request. */
export const withCpu = async <R>(
  system: Pick<System, 'processes'>,
  run: () => Promise<R>,
  /** Requests of the result. */
  count: (result: R) => number,
): Promise<{ readonly result: R; readonly cpu: Sample }> => {
  const [before, loadBefore] = [cpuByPart(system), ownChildrenCpuSeconds()];
  const result = await run();
  const [after, loadAfter] = [cpuByPart(system), ownChildrenCpuSeconds()];
  const micros = (seconds: number): number => (seconds * 1e6) / count(result);
  const entries = [...after].map(([part, seconds]) => [
    partFigures[part],
    micros(seconds - (before.get(part) ?? 0)),
  ]);
  return { result, cpu: { ...Object.fromEntries(entries), loadCpuUs: micros(loadAfter - loadBefore) } };
};
