import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { type TestContext, test } from 'node:test';
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
import { type AnswerStreamOptions, answerStream } from './answer-stream.ts';

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

const statusError = (code: number, details: string) =>
  Object.assign(new Error(details), { code, details }) as ServiceError;
/** Waits for a condition, turn by turn of the event loop. */
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await turn();
};

interface Answering {
  readonly item: number;
  readonly done: PromiseWithResolvers<unknown>;
}
type Options = Partial<AnswerStreamOptions<number, unknown>>;

/** A real server and client over loopback; the test answers each item by hand unless `answer` is given. */
const open = async (t: TestContext, options: Options = {}) => {
  const asked: Answering[] = [];
  const draining = new AbortController();
  const server = new Server();
  const answer = (item: number) => {
    const done = Promise.withResolvers<unknown>();
    asked.push({ item, done });
    return done.promise;
  };
  const stopped = () => statusError(status.UNAVAILABLE, 'stopping');
  const defaults = { answer, order: 'request', maxInFlight: 4, draining: draining.signal, stopped } as const;
  server.addService(service, {
    Chat: (call: Parameters<typeof answerStream<number, unknown>>[0]) =>
      answerStream(call, { ...defaults, ...options }),
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
  return { asked, chat, draining, ended };
};

/** Everything that arrives from now on. */
const read = (chat: ClientDuplexStream<number, unknown>): unknown[] => {
  const came: unknown[] = [];
  chat.on('data', (value: unknown) => came.push(value));
  return came;
};

test('answers keep the order of the requests, whichever is done first', async (t) => {
  const { asked, chat, ended } = await open(t);
  const came = read(chat);
  for (const item of [1, 2, 3]) chat.write(item);
  chat.end();
  await until(() => asked.length === 3);
  for (const { item, done } of [...asked].reverse()) done.resolve(item * 10);
  assert.equal(await ended, 'OK');
  assert.deepEqual(came, [10, 20, 30]);
});

test('answers by completion leave when they are done', async (t) => {
  const { asked, chat, ended } = await open(t, { order: 'completion' });
  const came = read(chat);
  for (const item of [1, 2, 3]) chat.write(item);
  chat.end();
  await until(() => asked.length === 3);
  for (const index of [2, 0, 1]) {
    asked[index]?.done.resolve(index);
    await turn();
  }
  assert.equal(await ended, 'OK');
  assert.deepEqual(came, [2, 0, 1]);
});

for (const order of ['request', 'completion'] as const) {
  test(`no more items are read than may be in flight, in order of ${order}`, async (t) => {
    const { asked, chat, ended } = await open(t, { order, maxInFlight: 4 });
    const came = read(chat);
    for (let item = 0; item < 40; item += 1) chat.write(item);
    chat.end();
    for (let answered = 0; answered < 40; answered += 1) {
      await until(() => asked.length === Math.min(40, answered + 4));
      for (let turns = 0; turns < 5; turns += 1) await turn();
      assert.equal(asked.length, Math.min(40, answered + 4));
      asked[answered]?.done.resolve(answered);
    }
    assert.equal(await ended, 'OK');
    assert.deepEqual(came.length, 40);
  });
}

test('a caller that does not read slows the server down, and loses nothing', async (t) => {
  let answered = 0;
  const answer = async (item: number) => {
    answered += 1;
    return [item, 'x'.repeat(100_000)];
  };
  const { chat, ended } = await open(t, { answer });
  const items = 500;
  for (let item = 0; item < items; item += 1) chat.write(item);
  chat.end();
  const came = read(chat);
  await until(() => came.length > 0);
  chat.pause();
  let before = -1;
  // Still for many turns: whatever buffers there are, they are full.
  for (let still = 0; still < 200; still = answered === before ? still + 1 : 0) {
    before = answered;
    await turn();
  }
  assert.ok(answered < items / 4, `${answered} of ${items} were answered into the void`);
  chat.resume();
  assert.equal(await ended, 'OK');
  assert.deepEqual(
    came.map((value) => (value as [number])[0]),
    Array.from({ length: items }, (_, index) => index),
  );
});

test('an item that is rejected ends the stream with its status, after the answers before it', async (t) => {
  const { asked, chat, ended } = await open(t);
  const came = read(chat);
  for (const item of [1, 2, 3]) chat.write(item);
  await until(() => asked.length === 3);
  asked[1]?.done.reject(statusError(status.NOT_FOUND, 'no such model'));
  asked[2]?.done.resolve('too late');
  await turn();
  asked[0]?.done.resolve('first');
  assert.equal(await ended, 'NOT_FOUND no such model');
  assert.deepEqual(came, ['first']);
});

test('a stream that drains answers what it has read, then ends with its reason', async (t) => {
  const { asked, chat, draining, ended } = await open(t);
  const came = read(chat);
  chat.write(1);
  chat.write(2);
  await until(() => asked.length === 2);
  draining.abort();
  chat.write(3);
  for (const { item, done } of asked) done.resolve(item);
  assert.equal(await ended, 'UNAVAILABLE stopping');
  assert.deepEqual(came, [1, 2]);
  assert.equal(asked.length, 2);
});

test('an idle stream ends at once when the process stops', async (t) => {
  const { asked, chat, draining, ended } = await open(t);
  chat.write(1);
  await until(() => asked.length === 1);
  asked[0]?.done.resolve(1);
  const came = read(chat);
  await until(() => came.length === 1);
  draining.abort();
  assert.equal(await ended, 'UNAVAILABLE stopping');
});

test('a stream that is opened while the process stops ends at once', async (t) => {
  const { ended, chat } = await open(t, { draining: AbortSignal.abort() });
  read(chat);
  assert.equal(await ended, 'UNAVAILABLE stopping');
});

test('a caller that has said everything gets its answers and OK, even while the process stops', async (t) => {
  const { asked, chat, draining, ended } = await open(t, { maxInFlight: 8 });
  const came = read(chat);
  chat.write(1);
  chat.end();
  await until(() => asked.length === 1);
  for (let turns = 0; turns < 50; turns += 1) await turn();
  draining.abort();
  asked[0]?.done.resolve(1);
  assert.equal(await ended, 'OK');
  assert.deepEqual(came, [1]);
});

test('a caller that goes away leaves nothing behind, and late answers are dropped', async (t) => {
  const { asked, chat, draining, ended } = await open(t);
  chat.write(1);
  await until(() => asked.length === 1);
  assert.equal(getEventListeners(draining.signal, 'abort').length, 1);
  chat.cancel();
  assert.match(await ended, /^CANCELLED/);
  await until(() => getEventListeners(draining.signal, 'abort').length === 0);
  asked[0]?.done.resolve(1);
  await turn();
});
