import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Latency, readLatency, readSummary, type Summary } from './h2load-output.ts';

/** One run of h2load. */
export interface H2loadRun {
  readonly url: string;
  /** Path of the file that is the body of every request. */
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly connections: number;
  /** On each connection. */
  readonly streams: number;
  /** So long, or so many requests. */
  readonly until: { readonly seconds: number } | { readonly requests: number };
  readonly http1?: boolean;
  /** Requests each connection begins in a second, whatever was answered; none: as one ends the next begins. */
  readonly ratePerConnection?: number;
  /** Folder for the log of latencies; none: they are not measured. */
  readonly logFolder?: string;
}

export type H2loadResult = Summary & Partial<Latency>;

const marginMs = 60_000;
/** A thousand requests a second are slow; fewer, larger ones have the margin. */
const requestMs = 1;

const argumentsOf = (run: H2loadRun, log: string | undefined): string[] => [
  '--clients',
  String(run.connections),
  '--max-concurrent-streams',
  String(run.streams),
  ...('seconds' in run.until
    ? ['--duration', `${Math.round(run.until.seconds * 1000)}ms`]
    : ['--requests', String(run.until.requests)]),
  ...(run.http1 === true ? ['--h1'] : []),
  ...(run.ratePerConnection === undefined ? [] : [`--rps=${run.ratePerConnection}`]),
  ...(log === undefined ? [] : [`--log-file=${log}`]),
  ...Object.entries(run.headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]),
  '--data',
  run.body,
  run.url,
];

const collect = (args: readonly string[], timeout: number): Promise<string> => {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const child = spawn('h2load', args, { stdio: ['ignore', 'pipe', 'pipe'], timeout, killSignal: 'SIGKILL' });
  let output = '';
  const take = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  child.on('error', reject);
  child.on('close', (code, signal) =>
    code === 0 ? resolve(output) : reject(new Error(`h2load ended with ${code ?? signal}: ${endOf(output)}`)),
  );
  return promise;
};

/** What it says of the whole, behind its notes on how far it is. */
const endOf = (output: string): string => output.slice(Math.max(0, output.search(/^finished/m)));

/** @throws Error when h2load fails, does not end, or has requests without an answer. */
export const runH2load = async (run: H2loadRun): Promise<H2loadResult> => {
  const log = run.logFolder === undefined ? undefined : join(run.logFolder, `h2load-${randomUUID()}.log`);
  const ms = 'seconds' in run.until ? run.until.seconds * 1000 : run.until.requests * requestMs;
  const output = await collect(argumentsOf(run, log), ms + marginMs);
  const summary = readSummary(output);
  if (summary === undefined || summary.failed > 0) throw new Error(`h2load went wrong: ${endOf(output)}`);
  if (log === undefined) return summary;
  const latency = readLatency(await readFile(log, 'utf8'));
  await rm(log);
  return { ...summary, ...latency };
};
