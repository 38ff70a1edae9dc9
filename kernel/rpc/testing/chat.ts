import type { TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import {
  type ClientDuplexStream,
  credentials,
  makeGenericClientConstructor,
  Server,
  ServerCredentials,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { type AnswerStreamOptions, answerStream } from '../answer-stream.ts';
import { writeAhead } from '../write-ahead.ts';

/** A stream of numbers over loopback, between a real server and a real client. */

const serialize = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const deserialize = (bytes: Buffer): unknown => JSON.parse(bytes.toString());
const service = {
  Chat: {
    path: '/test.Test/Chat',
    requestStream: true,
    responseStream: true,
    requestSerialize: serialize,
    requestDeserialize: deserialize,
    responseSerialize: serialize,
    responseDeserialize: deserialize,
  },
} as const;

export const statusError = (code: number, details: string) =>
  Object.assign(new Error(details), { code, details }) as ServiceError;
/** Waits for a condition, turn by turn of the event loop. */
export const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await turn();
};

export interface Answering {
  readonly item: number;
  readonly done: PromiseWithResolvers<unknown>;
}
type Options = Partial<AnswerStreamOptions<number, unknown>>;

/**
 * A real server and client over loopback; the test answers each item by hand unless `answer` is given. `saidAll` resolves
 * when the server has heard that the caller says nothing more.
 */
export const openChat = async (t: TestContext, options: Options = {}) => {
  const asked: Answering[] = [];
  const draining = new AbortController();
  const saidAll = Promise.withResolvers<void>();
  const server = new Server({ interceptors: [writeAhead] });
  const answer = (item: number) => {
    const done = Promise.withResolvers<unknown>();
    asked.push({ item, done });
    return done.promise;
  };
  const stopped = () => statusError(status.UNAVAILABLE, 'stopping');
  const defaults = {
    answer,
    order: 'request',
    maxInFlight: 4,
    isHeld: () => false,
    draining: draining.signal,
    stopped,
  } as const;
  server.addService(service, {
    Chat: (call: Parameters<typeof answerStream<number, unknown>>[0]) => {
      answerStream(call, { ...defaults, ...options });
      call.once('end', () => saidAll.resolve());
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  const Client = makeGenericClientConstructor(service, 'Test');
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  t.after(() => {
    client.close();
    server.forceShutdown();
  });
  const chat = (client as unknown as { Chat(): ClientDuplexStream<number, unknown> }).Chat();
  const ended = new Promise<string>((resolve) => {
    chat.once('status', ({ code, details }) =>
      resolve(code === status.OK ? 'OK' : `${status[code]} ${details}`),
    );
  });
  chat.on('error', () => undefined);
  return { asked, chat, draining, ended, saidAll: saidAll.promise };
};

/** Everything that arrives from now on. */
export const readAll = (chat: ClientDuplexStream<number, unknown>): unknown[] => {
  const came: unknown[] = [];
  chat.on('data', (value: unknown) => came.push(value));
  return came;
};
