import type { GoldenCase } from '@sluice/kernel/release/read-golden';
import type { InferenceClient, RemoteAnswer } from '@sluice/kernel/rpc/inference-client';
import { createLog, type Log } from '@sluice/kernel/telemetry/log';
import type { Tensor } from '@sluice/kernel/tensor/tensor';
import type { RuntimeRequest } from '../core/runtime.ts';
import type { UpstreamRelease } from '../core/served-release.ts';
import { UpstreamServer } from '../upstream/upstream-server.ts';
import { served, testRelease } from './calls.ts';

/** The test release as one that another server computes. */
export const upstreamRelease = (more: Partial<UpstreamRelease> = {}): UpstreamRelease => ({
  ...testRelease(),
  upstream: { url: 'grpc://far:1', address: 'far:1', model: 'theirs', version: '', identity: 'run 7' },
  ...more,
});

/** The only output of the test release. */
export const outputOf = (...values: number[]): Tensor => ({
  name: 'y',
  datatype: 'FP32',
  shape: [values.length, 1],
  data: new Uint8Array(Float32Array.from(values).buffer),
});

/** Age 40 gives 0.75. */
export const goldenCase: GoldenCase = { name: 'forty', features: { age: 40 }, outputs: { p: 0.75 } };

/** Another server in memory: what it does can be changed at any time. */
export interface TestServer extends InferenceClient {
  ready: () => Promise<boolean>;
  answer: () => Promise<RemoteAnswer>;
  asked: number;
}

export const testServer = (): TestServer => {
  const server: TestServer = {
    ready: async () => true,
    answer: async () => ({ version: '', outputs: [outputOf(0.75)] }),
    asked: 0,
    modelReady: () => server.ready(),
    infer: () => {
      server.asked += 1;
      return server.answer();
    },
    [Symbol.dispose]: () => undefined,
  };
  return server;
};

export const silentLog = (): Log =>
  createLog({
    process: 'test',
    environment: 'dev',
    level: 'silent',
    destination: { write: () => undefined },
  });

/** Looks once, and again only when it is told to. */
export const testLimits = { pollMs: 1_000_000, silenceMs: 1_000, maxInFlight: 2, goldenMs: 1_000 };

export const openUpstream = (
  client: InferenceClient,
  golden: readonly GoldenCase[] = [goldenCase],
): UpstreamServer =>
  new UpstreamServer({
    url: 'grpc://far:1',
    client,
    golden: async () => golden,
    log: silentLog(),
    limits: testLimits,
  });

/** A request for the test release. */
export const upstreamRequest = (release: UpstreamRelease): RuntimeRequest => ({
  release,
  handle: 0,
  inputs: served().encode({ age: 40 }),
  outputs: [],
  dueAt: performance.now() + 60_000,
  priority: 0,
  trace: { traceparent: '', tracestate: '' },
  again: false,
});
