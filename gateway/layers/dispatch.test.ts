import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { RuntimeLost } from '../core/runtime.ts';
import { computed, encodedCall, testScope } from '../testing/calls.ts';
import { dispatchWorld } from '../testing/dispatch-world.ts';
import { type TestRuntime, testRuntime } from '../testing/runtimes.ts';

const lost = async () => {
  throw new RuntimeLost('gone');
};

const start = (...runtimes: readonly TestRuntime[]) => {
  const { handle, quarantine, counts } = dispatchWorld(runtimes);
  return { handle, quarantine, redispatches: () => counts.redispatches };
};

test('a call goes to one runtime, with its handle, tensors, deadline, priority and trace', async () => {
  const runtime = testRuntime('a', { held: { handle: 42 } });
  const { handle, redispatches } = start(runtime);
  const trace = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', tracestate: 'a=b' };
  const call = encodedCall({ outputs: ['y'], priority: 3, scope: testScope({ sampledTrace: trace }) });
  assert.deepEqual(await handle(call), computed());
  assert.deepEqual(runtime.asked, [
    {
      release: call.served.release,
      handle: 42,
      inputs: call.tensors,
      outputs: ['y'],
      dueAt: call.dueAt,
      priority: 3,
      trace,
      again: false,
    },
  ]);
  assert.equal(redispatches(), 0);
});

test('what a lost runtime leaves is sent once more, to another one', async () => {
  const dying = testRuntime('a', { infer: lost });
  const alive = testRuntime('b', { inFlight: 5 });
  const { handle, redispatches } = start(dying, alive);
  assert.deepEqual(await handle(encodedCall()), computed());
  assert.deepEqual([dying.asked.length, alive.asked.length, redispatches()], [1, 1, 1]);
});

test('what is lost twice is never sent a third time, and its release is isolated', async () => {
  const runtimes = ['a', 'b', 'c'].map((address) => testRuntime(address, { infer: lost }));
  const { handle } = start(...runtimes);
  await assert.rejects(handle(encodedCall()), {
    code: 'RUNTIME_LOST',
    message: /m 1\.0\.0, and so was the second one/,
    retryAfterMs: 1_000,
  });
  assert.deepEqual(
    runtimes.map(({ asked }) => asked.length),
    [1, 1, 0],
  );
  await assert.rejects(async () => handle(encodedCall()), {
    code: 'RELEASE_QUARANTINED',
    retryAfterMs: 1_000,
  });
  assert.equal(runtimes[2]?.asked.length, 0);
});

test('with one runtime alone what it leaves is not sent again', async () => {
  const only = testRuntime('a', { infer: lost });
  const { handle, redispatches } = start(only);
  await assert.rejects(handle(encodedCall()), {
    code: 'RUNTIME_LOST',
    message: /no other one holds the release/,
  });
  assert.deepEqual([only.asked.length, redispatches()], [1, 0]);
});

test('a release that was isolated meanwhile is not sent once more', async () => {
  const alive = testRuntime('b', { inFlight: 1 });
  const dying = testRuntime('a', {
    infer: async ({ release }) => {
      quarantine.lost(release);
      quarantine.lost(release);
      return lost();
    },
  });
  const { handle, quarantine } = start(dying, alive);
  await assert.rejects(handle(encodedCall()), {
    code: 'RUNTIME_LOST',
    message: /and the release is in quarantine/,
    retryAfterMs: 1_000,
  });
  assert.equal(alive.asked.length, 0);
});

test('an answer clears the suspicion that an earlier loss left', async () => {
  const { handle, quarantine } = start(testRuntime('a'));
  const call = encodedCall();
  quarantine.lost(call.served.release);
  await handle(call);
  quarantine.lost(call.served.release);
  quarantine.check(call.served.release);
});

test('an error of the runtime itself is passed on, and tried nowhere else', async () => {
  const error = new SluiceError('COMPUTE_FAILED', 'the graph failed');
  const failing = testRuntime('a', { infer: () => Promise.reject(error) });
  const other = testRuntime('b', { inFlight: 1 });
  const { handle } = start(failing, other);
  await assert.rejects(handle(encodedCall()), error);
  assert.equal(other.asked.length, 0);
});

test('a call that is aborted ends with the reason of its abortion', async () => {
  const reason = new SluiceError('CANCELLED', 'the caller went away');
  const runtime = testRuntime('a', {
    infer: (_, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  });
  const { handle } = start(runtime, testRuntime('b', { inFlight: 1 }));
  const scope = testScope();
  const answered = handle(encodedCall({ scope }));
  scope.abort.abort(reason);
  await assert.rejects(answered, reason);
});

test('where no runtime can serve the release the error says why of each', async () => {
  const { handle } = start(testRuntime('a', { available: false }), testRuntime('b', { held: null }));
  await assert.rejects(handle(encodedCall()), {
    code: 'RELEASE_UNAVAILABLE',
    message: 'm 1.0.0 is not available: a is not reachable; b does not hold it',
  });
});
