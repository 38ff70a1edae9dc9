import type { TestContext } from 'node:test';
import { defaultLimits, startRpcServer } from '@sluice/kernel/rpc/server';
import type { Announcement } from '@sluice/protos/gen/sluice/gateway/v1/Announcement';
import type { Binding__Output } from '@sluice/protos/gen/sluice/gateway/v1/Binding';
import type { ExchangeRequest__Output } from '@sluice/protos/gen/sluice/gateway/v1/ExchangeRequest';
import type { ExchangeResponse } from '@sluice/protos/gen/sluice/gateway/v1/ExchangeResponse';
import type { GatewayServiceHandlers } from '@sluice/protos/gen/sluice/gateway/v1/GatewayService';
import type { Layout__Output } from '@sluice/protos/gen/sluice/gateway/v1/Layout';
import type { ScoreAnswer } from '@sluice/protos/gen/sluice/gateway/v1/ScoreAnswer';
import type { ScoreEntry__Output } from '@sluice/protos/gen/sluice/gateway/v1/ScoreEntry';
import type { ScorerReport__Output } from '@sluice/protos/gen/sluice/gateway/v1/ScorerReport';
import { loadProtos } from '@sluice/protos/load';

export const protos = loadProtos();

/** Is written as bytes that nobody can read. */
const noFrame: ExchangeResponse = {};
const { Exchange: method } = protos.sluice.gateway.v1.GatewayService.service;
const garbling = {
  Exchange: {
    ...method,
    responseSerialize: (frame: ExchangeResponse): Buffer =>
      frame === noFrame ? Buffer.from([0x0a, 0xff]) : method.responseSerialize(frame),
  },
};

type Call = Parameters<GatewayServiceHandlers['Exchange']>[0];

/** One Exchange that a scorer has opened. */
export interface FakeStream {
  readonly frames: ExchangeRequest__Output[];
  readonly entries: ScoreEntry__Output[];
  readonly cancels: number[];
  readonly layouts: Layout__Output[];
  readonly bindings: Binding__Output[];
  readonly reports: ScorerReport__Output[];
  /** The scorer has ended its side, or has left. */
  isEnded: boolean;
  send(frame: ExchangeResponse): void;
  /** Answers an entry with the output `score`. */
  answer(id: number, more?: ScoreAnswer): void;
  /** Ends it as a gateway does that stops. */
  end(): void;
  /** Breaks it off. */
  break(): void;
  /** Sends bytes that are no frame. */
  garble(): void;
}

/** A gateway that does what the test says. */
export interface FakeGateway {
  readonly address: string;
  /** Of all that were opened, the oldest first. */
  readonly streams: readonly FakeStream[];
  /** That which is open. */
  readonly stream: FakeStream | undefined;
  /** Says it on every stream, now and when one is opened. */
  announce(more: Announcement): void;
  /** What is done with an entry as it comes; not given: nothing. */
  onEntry: (stream: FakeStream, entry: ScoreEntry__Output) => void;
  /** Breaks all connections, and is gone. */
  kill(): Promise<void>;
}

export interface FakeOptions {
  readonly port?: number;
  /** undefined: it says nothing when a stream is opened. */
  readonly announcement?: Announcement | undefined;
}

export const usual: Announcement = {
  gateway: 'g-1',
  ready: true,
  maxFrameBytes: 1_000_000,
  maxInFlight: 1_000,
  recordHeaders: [{ name: 'ce_specversion', value: Buffer.from('1.0') }],
};

export const answering = { id: 1, release: { name: 'churn', version: '1.0.0', digest: 'sha256:1' } };

const open = (call: Call, gateway: Pick<FakeGateway, 'onEntry'>): FakeStream => {
  let isDeclared = false;
  const own: FakeStream = {
    frames: [],
    entries: [],
    cancels: [],
    layouts: [],
    bindings: [],
    reports: [],
    isEnded: false,
    send: (frame) => void call.write(frame),
    answer: (id, more = { outputs: { others: { fields: { score: { numberValue: 0.5 } } } } }) => {
      call.write({ releases: isDeclared ? [] : [answering], answers: [{ id, release: 1, ...more }] });
      isDeclared = true;
    },
    end: () => void call.end(),
    garble: () => void call.write(noFrame),
    break: () => void call.emit('error', new Error('broken')),
  };
  call.on('data', (frame: ExchangeRequest__Output) => {
    own.frames.push(frame);
    own.layouts.push(...frame.layouts);
    own.bindings.push(...frame.bindings);
    own.entries.push(...frame.entries);
    own.cancels.push(...frame.cancels);
    if (frame.report !== null) own.reports.push(frame.report);
    for (const entry of frame.entries) gateway.onEntry(own, entry);
  });
  const ended = (): void => {
    own.isEnded = true;
  };
  // As a gateway does, once all is answered.
  call.on('end', () => call.end());
  for (const event of ['end', 'close', 'cancelled', 'error']) call.on(event, ended);
  return own;
};

export const startFakeGateway = async (t: TestContext, options: FakeOptions = {}): Promise<FakeGateway> => {
  let announcement: Announcement | undefined = 'announcement' in options ? options.announcement : usual;
  const streams: FakeStream[] = [];
  const Exchange = (call: Call): void => {
    const stream = open(call, gateway);
    streams.push(stream);
    if (announcement !== undefined) stream.send({ announcement });
  };
  const server = await startRpcServer({
    host: '127.0.0.1',
    port: options.port ?? 0,
    limits: defaultLimits,
    drainMs: 0,
    addServices: (added) => added.addService(garbling, { Exchange }),
  });
  const kill = async (): Promise<void> => {
    for (const stream of streams) stream.break();
    await server[Symbol.asyncDispose]();
  };
  t.after(kill);
  const gateway: FakeGateway = {
    address: `127.0.0.1:${server.port}`,
    streams,
    get stream() {
      return streams.findLast(({ isEnded }) => !isEnded);
    },
    announce: (more) => {
      announcement = { ...announcement, ...more };
      for (const stream of streams) if (!stream.isEnded) stream.send({ announcement });
    },
    onEntry: () => undefined,
    kill,
  };
  return gateway;
};
