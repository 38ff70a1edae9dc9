import type { TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
import type { Announcement } from '@sluice/protos/gen/sluice/runtime/v1/Announcement';
import type { ExchangeRequest__Output } from '@sluice/protos/gen/sluice/runtime/v1/ExchangeRequest';
import type { ExchangeResponse } from '@sluice/protos/gen/sluice/runtime/v1/ExchangeResponse';
import type { InferEntry__Output } from '@sluice/protos/gen/sluice/runtime/v1/InferEntry';
import { loadProtos } from '@sluice/protos/load';

export const packages = loadProtos();

type Stream = ServerDuplexStream<ExchangeRequest__Output, ExchangeResponse>;

/** One Exchange that a gateway has opened. */
export interface FakeStream {
  readonly entries: InferEntry__Output[];
  readonly cancels: number[];
  readonly frames: ExchangeRequest__Output[];
  /** The gateway has ended its side. */
  isEnded: boolean;
  answer(id: number): void;
  /** Ends the runtime's side. */
  end(): void;
}

/** A runtime that does what the test says. */
export interface FakeRuntime {
  readonly address: string;
  readonly port: number;
  readonly streams: readonly FakeStream[];
  /** Says it on every stream, now and when one is opened. */
  announce(more: Announcement): void;
  /** Breaks all connections at once, as a process that is killed. */
  kill(): void;
}

/** Holds the test release `m` 1.0.0 READY under handle 7. */
const usual: Announcement = {
  ready: true,
  releases: [
    { handle: 7, model: 'm', version: '1.0.0', digest: 'sha256:1', state: 'HELD_STATE_READY', reason: '' },
  ],
};

const open = (stream: Stream): FakeStream => {
  const own: FakeStream = {
    entries: [],
    cancels: [],
    frames: [],
    isEnded: false,
    answer: (id) => stream.write({ answers: [{ id, success: { computeInferUs: 5, batchSize: 1 } }] }),
    end: () => stream.end(),
  };
  stream.on('data', (frame: ExchangeRequest__Output) => {
    own.frames.push(frame);
    own.entries.push(...frame.entries);
    own.cancels.push(...frame.cancels);
  });
  stream.on('end', () => {
    own.isEnded = true;
  });
  stream.on('error', () => undefined);
  return own;
};

export const startFakeRuntime = async (t: TestContext, address = '127.0.0.1:0'): Promise<FakeRuntime> => {
  let announcement = usual;
  const opened: Stream[] = [];
  const streams: FakeStream[] = [];
  const server = new Server({ 'grpc.max_receive_message_length': -1 });
  server.addService(packages.sluice.runtime.v1.RuntimeService.service, {
    Exchange: (stream: Stream) => {
      opened.push(stream);
      streams.push(open(stream));
      stream.write({ announcement });
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  const kill = (): void => server.forceShutdown();
  t.after(kill);
  return {
    address: `127.0.0.1:${port}`,
    port,
    streams,
    kill,
    announce: (more) => {
      announcement = { ...announcement, ...more };
      for (const stream of opened) stream.write({ announcement });
    },
  };
};

/** Waits for a condition, turn by turn of the event loop. */
export const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await turn();
};
