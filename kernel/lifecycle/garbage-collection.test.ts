import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { types } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { stateOf, tuneGarbageCollection } from './garbage-collection.ts';

setFlagsFromString('--allow-natives-syntax');
const isYoung = new Function('value', 'return %InYoungGeneration(value)') as (value: object) => boolean;

/** Teaches V8 that what is made here lives long, and says whether it then allocates it as old. */
const isMadeOld = (): boolean => {
  const make = new Function('id', 'return [id, {}]') as (id: number) => object;
  for (let round = 0; round < 40; round += 1) {
    const kept: object[] = [];
    for (let id = 0; id < 200_000; id += 1) kept.push(make(id));
  }
  return !isYoung(make(0));
};

/** V8 goes by the collections that happen to come; most times it needs one attempt. */
const attempts = Array.from({ length: 10 });

const streams = 50;

/** A server that answers as soon as all streams are there, and a client of it. */
const open = async (t: { after: (end: () => void) => void }) => {
  const server = createServer();
  t.after(() => server.close());
  const open: ServerHttp2Stream[] = [];
  server.on('stream', (stream) => open.push(stream));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  t.after(() => client.destroy());
  const asked = Array.from({ length: streams }, () => client.request());
  while (open.length < streams) await once(server, 'stream');
  return { client, asked, open };
};

test('V8 would allocate as old what it has seen live long; then it does not', () => {
  assert.ok(attempts.some(isMadeOld));
  using _tuned = tuneGarbageCollection();
  assert.ok(!attempts.slice(0, 3).some(isMadeOld));
});

/** Node's own table of the streams of a session that serves. */
const tableOf = ([first]: readonly ServerHttp2Stream[]): { readonly size: number } => {
  const { streams: table } = (first?.session && stateOf(first.session)) ?? {};
  return table as { readonly size: number };
};

test('the streams of a session are in a Map; when this is called first, they are not, and are answered', async (t) => {
  const before = await open(t);
  assert.ok(types.isMap(tableOf(before.open)));
  using _tuned = tuneGarbageCollection();
  const { asked, open: served } = await open(t);
  const table = tableOf(served);
  assert.ok(!types.isMap(table));
  assert.equal(table.size, streams);
  const answers = Promise.all(asked.map((stream) => once(stream, 'response')));
  for (const stream of served) stream.respond({ ':status': 200 }, { endStream: true });
  for (const [headers] of await answers) assert.equal(headers[':status'], 200);
  while (table.size > 0) await new Promise(setImmediate);
});

test('streams under way end with their session', async (t) => {
  using _tuned = tuneGarbageCollection();
  const { client, open: served } = await open(t);
  const closed = Promise.all(served.map((stream) => once(stream, 'close')));
  client.destroy();
  await closed;
});

test('a session that closes waits for its streams', async (t) => {
  using _tuned = tuneGarbageCollection();
  const { asked, open: served } = await open(t);
  const session = served[0]?.session;
  assert.ok(session !== undefined);
  session.close();
  const answers = Promise.all(asked.map((stream) => once(stream, 'response')));
  const closed = once(session, 'close');
  for (const stream of served) stream.respond({ ':status': 200 }, { endStream: true });
  await answers;
  for (const stream of asked) stream.resume();
  await closed;
});
