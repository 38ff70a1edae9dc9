import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServerInterceptingCallInterface, ServerMethodDefinition } from '@grpc/grpc-js';
import { maxAhead, writeAhead } from './write-ahead.ts';

/** A call that keeps what is sent over it, and what is to be called when a message has left. */
const heldCall = () => {
  const sent: { message: unknown; left: () => void }[] = [];
  const call = {
    sendMetadata: () => undefined,
    sendMessage: (message: unknown, left: () => void) => void sent.push({ message, left }),
  } as unknown as ServerInterceptingCallInterface;
  return { sent, call };
};

const method = (responseStream: boolean) =>
  ({ path: '/t.T/Answer', requestStream: true, responseStream }) as ServerMethodDefinition<unknown, unknown>;

/** Sends like a Writable does: the next message when the one before is said to be gone. */
const send = (call: ServerInterceptingCallInterface, messages: number): void => {
  const next = (message: number): void => {
    if (message < messages) call.sendMessage(message, () => next(message + 1));
  };
  next(0);
};

test('answers of a stream are handed on together, up to the bound, and in order', () => {
  const { sent, call } = heldCall();
  send(writeAhead(method(true), call), 100);
  assert.equal(sent.length, maxAhead);
  sent[0]?.left();
  assert.equal(sent.length, maxAhead + 1);
  for (let index = 1; index < sent.length; index += 1) sent[index]?.left();
  assert.deepEqual(
    sent.map(({ message }) => message),
    Array.from({ length: 100 }, (_, message) => message),
  );
});

test('a call with one answer is left as it is', () => {
  const { call } = heldCall();
  assert.equal(writeAhead(method(false), call), call);
});
