import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import {
  answer,
  bytesOf,
  callOf,
  outcomeOf,
  startAdmission,
  streamFlow,
  turn,
} from '../testing/admission.ts';

test('what the limit allows goes on at once, in the same turn', () => {
  const { handle, below } = startAdmission({ max: 2 });
  for (let count = 0; count < 2; count += 1) void handle(callOf());
  assert.equal(below.length, 2);
});

test('further calls wait for their turn, by priority, and get their own answers', async () => {
  const { handle, below } = startAdmission({ maxWaiting: 10 });
  const answers = [0, 0, 101, 1, 100].map((priority, index) =>
    handle(callOf({ priority, requestId: String(index) })),
  );
  for (let index = 0; index < answers.length; index += 1) {
    await turn();
    assert.equal(below.length, index + 1);
    below[index]?.done.resolve({ ...answer, predictionId: below[index]?.call.requestId ?? '' });
  }
  const ids = (await Promise.all(answers)).map(({ predictionId }) => predictionId);
  assert.deepEqual(ids, ['0', '1', '2', '3', '4']);
  assert.deepEqual(
    below.map(({ call }) => call.requestId),
    ['0', '3', '1', '4', '2'],
    '0 stands for 100',
  );
});

test('beyond those that may wait a call is refused with OVERLOADED and a retry hint, and counted', async () => {
  const { handle, refused, gate } = startAdmission();
  for (let count = 0; count < 3; count += 1) void outcomeOf(handle(callOf()));
  await assert.rejects(handle(callOf()), {
    code: 'OVERLOADED',
    message: 'not admitted: as many requests as may wait for the model are waiting',
    retryAfterMs: 1_000,
  });
  void outcomeOf(handle(callOf({ priority: 1 })));
  assert.equal(gate.waiting, 2);
  assert.deepEqual(refused, ['m full', 'm displaced']);
  assert.deepEqual([gate.refused.full, gate.refused.displaced], [1, 1]);
});

test('a call whose turn does not come leaves with the reason of its abort', async () => {
  const { handle, below, gate } = startAdmission();
  const first = handle(callOf());
  const waiting = callOf();
  const outcome = outcomeOf(handle(waiting));
  waiting.scope.abort.abort(new SluiceError('DEADLINE_EXCEEDED', 'too late'));
  assert.equal(await outcome, 'DEADLINE_EXCEEDED');
  assert.equal(gate.waiting, 0);
  assert.equal(getEventListeners(waiting.scope.abort.signal, 'abort').length, 0);
  below[0]?.done.resolve(answer);
  await first;
  assert.equal(below.length, 1);
  void outcomeOf(handle(callOf()));
  assert.equal(await outcomeOf(handle(waiting)), 'DEADLINE_EXCEEDED', 'it was aborted before it came');
});

test('a failure below frees the place', async () => {
  const { handle, below, gate } = startAdmission();
  const failing = outcomeOf(handle(callOf()));
  below[0]?.done.reject(new SluiceError('RUNTIME_LOST', 'gone'));
  assert.equal(await failing, 'RUNTIME_LOST');
  assert.equal(gate.inFlight, 0);
});

test('bytes are bounded by connection, and free again with the answer', async () => {
  const { handle, below, bytes, refused } = startAdmission({ max: 10 });
  const first = handle(callOf({ input: bytesOf(900) }));
  await assert.rejects(handle(callOf({ input: bytesOf(200) })), { code: 'OVERLOADED', message: /this conn/ });
  assert.deepEqual(refused, ['m connection_bytes']);
  void handle(callOf({ input: bytesOf(200) }, { peer: 'another' }));
  assert.equal(bytes.total, 1_100);
  below[0]?.done.resolve(answer);
  await first;
  void handle(callOf({ input: bytesOf(5_000) }));
  assert.equal(below.length, 3, 'what comes alone is never too much');
});

test('an item of a stream is never refused; it holds its stream while it waits', async () => {
  const { handle, below, refused } = startAdmission({ maxWaiting: 0 });
  const stream = streamFlow();
  const items = Array.from({ length: 5 }, () => handle(callOf({}, { stream })));
  assert.equal(stream.holds(), 4);
  for (let index = 0; index < items.length; index += 1) {
    await turn();
    below[index]?.done.resolve(answer);
  }
  assert.equal((await Promise.all(items)).length, 5);
  assert.deepEqual([stream.holds(), refused], [0, []]);
});

test('an item that finds the bytes used up holds its stream until it is answered', async () => {
  const { handle, below, bytes } = startAdmission({ max: 10 });
  const stream = streamFlow();
  const items = [900, 200].map((length) => handle(callOf({ input: bytesOf(length) }, { stream })));
  assert.deepEqual([below.length, stream.holds()], [2, 1]);
  for (const { done } of below) done.resolve(answer);
  await Promise.all(items);
  assert.deepEqual([stream.holds(), bytes.total], [0, 0]);
});
