import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { ServerInterceptingCallInterface, ServerMethodDefinition } from '@grpc/grpc-js';
import { ReceiveWatch } from './receive-watch.ts';

type Listener = Parameters<ServerInterceptingCallInterface['start']>[0];

const receiveMs = 1_000;

const method = (requestStream: boolean) =>
  ({ path: '/t.T/Ask', requestStream, responseStream: false }) as ServerMethodDefinition<unknown, unknown>;

/** A call under virtual time: what it was ended with, what its handler was told, and what comes over it. */
const startCall = (t: TestContext, requestStream = false) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const ended: unknown[] = [];
  const told: string[] = [];
  const comes: Listener[] = [];
  const call = {
    start: (listener: Listener) => void comes.push(listener),
    sendStatus: ({ code, details }: { code: number; details: string }) => ended.push([code, details]),
  } as unknown as ServerInterceptingCallInterface;
  const noting = (what: string) => () => void told.push(what);
  new ReceiveWatch(receiveMs).interceptor(method(requestStream), call).start({
    onReceiveMetadata: noting('metadata'),
    onReceiveMessage: noting('message'),
    onReceiveHalfClose: noting('half-close'),
    onCancel: noting('cancel'),
  } as Listener);
  const [listener] = comes;
  assert.ok(listener);
  return { ended, told, listener, pass: (ms: number) => t.mock.timers.tick(ms) };
};

test('a call whose message does not come whole is ended with DEADLINE_EXCEEDED', (t) => {
  const { ended, pass } = startCall(t);
  pass(receiveMs);
  assert.deepEqual(ended, []);
  pass(receiveMs / 4);
  assert.deepEqual(ended, [[4, 'the message of the call did not come within 1000 ms']]);
});

test('a call whose message has come may be answered as late as it likes', (t) => {
  const { ended, told, listener, pass } = startCall(t);
  listener.onReceiveMessage('m');
  listener.onReceiveHalfClose();
  pass(10 * receiveMs);
  assert.deepEqual([ended, told], [[], ['message', 'half-close']]);
});

test('a call that was cancelled is left alone', (t) => {
  const { ended, told, listener, pass } = startCall(t);
  listener.onCancel();
  pass(10 * receiveMs);
  assert.deepEqual([ended, told], [[], ['cancel']]);
});

test('a stream of messages may be silent', (t) => {
  const { ended, pass } = startCall(t, true);
  pass(10 * receiveMs);
  assert.deepEqual(ended, []);
});
