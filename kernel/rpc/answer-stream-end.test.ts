import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { openChat, readAll, until } from './testing/chat.ts';

test('a stream that drains answers what it has readAll, then ends with its reason', async (t) => {
  const { asked, chat, draining, ended } = await openChat(t);
  const came = readAll(chat);
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
  const { asked, chat, draining, ended } = await openChat(t);
  chat.write(1);
  await until(() => asked.length === 1);
  asked[0]?.done.resolve(1);
  const came = readAll(chat);
  await until(() => came.length === 1);
  draining.abort();
  assert.equal(await ended, 'UNAVAILABLE stopping');
});

test('a stream that is opened while the process stops ends at once', async (t) => {
  const { ended, chat } = await openChat(t, { draining: AbortSignal.abort() });
  readAll(chat);
  assert.equal(await ended, 'UNAVAILABLE stopping');
});

test('a caller that has said everything gets its answers and OK, even while the process stops', async (t) => {
  const { asked, chat, draining, ended, saidAll } = await openChat(t, { maxInFlight: 8 });
  const came = readAll(chat);
  chat.write(1);
  chat.end();
  await until(() => asked.length === 1);
  await saidAll;
  draining.abort();
  asked[0]?.done.resolve(1);
  assert.equal(await ended, 'OK');
  assert.deepEqual(came, [1]);
});

test('a caller that goes away leaves nothing behind, and late answers are dropped', async (t) => {
  const { asked, chat, draining, ended } = await openChat(t);
  chat.write(1);
  await until(() => asked.length === 1);
  assert.equal(getEventListeners(draining.signal, 'abort').length, 1);
  chat.cancel();
  assert.match(await ended, /^CANCELLED/);
  await until(() => getEventListeners(draining.signal, 'abort').length === 0);
  asked[0]?.done.resolve(1);
  await turn();
});
