import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { types } from 'node:util';
import { stateOf, tuneGarbageCollection } from './garbage-collection.ts';

/** Whether V8 allocates as old, in a process of its own, what has outlived every collection so far. */
const isMadeOld = (before: string): boolean => {
  const program = `${before}
    const make = (id) => [id, {}];
    %PrepareFunctionForOptimization(make);
    const kept = [];
    for (let round = 0; round < 30; round += 1) {
      for (let id = 0; id < 2_000; id += 1) kept.push(make(id));
      gc({ type: 'minor' });
      gc({ type: 'minor' });
    }
    %OptimizeFunctionOnNextCall(make);
    make(0);
    console.log(!%InYoungGeneration(make(0)));`;
  // It decides when the young generation has its full size, and the compiler asks it when it compiles.
  const sizes = ['--min-semi-space-size=1', '--max-semi-space-size=1', '--no-concurrent-recompilation'];
  const flags = ['--allow-natives-syntax', '--expose-gc', ...sizes, '--input-type=module', '--eval', program];
  return execFileSync(process.execPath, flags, { encoding: 'utf8' }).trim() === 'true';
};

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
  assert.equal(isMadeOld(''), true);
  const module = new URL('garbage-collection.ts', import.meta.url).href;
  const tuned = `import { tuneGarbageCollection } from ${JSON.stringify(module)}; tuneGarbageCollection();`;
  assert.equal(isMadeOld(tuned), false);
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
