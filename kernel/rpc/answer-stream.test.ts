import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { openChat, readAll, statusError, until } from './testing/chat.ts';

test('answers keep the order of the requests, whichever is done first', async (t) => {
  const { asked, chat, ended } = await openChat(t);
  const came = readAll(chat);
  for (const item of [1, 2, 3]) chat.write(item);
  chat.end();
  await until(() => asked.length === 3);
  for (const { item, done } of [...asked].reverse()) done.resolve(item * 10);
  assert.equal(await ended, 'OK');
  assert.deepEqual(came, [10, 20, 30]);
});

test('answers by completion leave when they are done', async (t) => {
  const { asked, chat, ended } = await openChat(t, { order: 'completion' });
  const came = readAll(chat);
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
    const { asked, chat, ended } = await openChat(t, { order, maxInFlight: 4 });
    const came = readAll(chat);
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
  const { chat, ended } = await openChat(t, { answer });
  const items = 500;
  for (let item = 0; item < items; item += 1) chat.write(item);
  chat.end();
  const came = readAll(chat);
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
  const { asked, chat, ended } = await openChat(t);
  const came = readAll(chat);
  for (const item of [1, 2, 3]) chat.write(item);
  await until(() => asked.length === 3);
  asked[1]?.done.reject(statusError(status.NOT_FOUND, 'no such model'));
  asked[2]?.done.resolve('too late');
  await turn();
  asked[0]?.done.resolve('first');
  assert.equal(await ended, 'NOT_FOUND no such model');
  assert.deepEqual(came, ['first']);
});

test('while an item holds the stream nothing more is read, until an answer leaves', async (t) => {
  let isHeld = false;
  const { asked, chat, ended } = await openChat(t, { order: 'completion', isHeld: () => isHeld });
  const came = readAll(chat);
  chat.write(0);
  await until(() => asked.length === 1);
  isHeld = true;
  for (let item = 1; item < 10; item += 1) chat.write(item);
  chat.end();
  await until(() => asked.length === 2);
  for (let turns = 0; turns < 20; turns += 1) await turn();
  assert.equal(asked.length, 2, 'the one that was let in before, and the one that met the hold');
  for (let answered = 0; answered < 9; answered += 1) {
    asked[answered]?.done.resolve(answered);
    // The second answer leaves the stream empty: it is read on however long it is held.
    await until(() => asked.length > answered + 1);
    for (let turns = 0; turns < 20; turns += 1) await turn();
    if (answered > 0) assert.equal(asked.length, answered + 2);
  }
  asked[9]?.done.resolve(9);
  assert.equal(await ended, 'OK');
  assert.equal(came.length, 10);
});
