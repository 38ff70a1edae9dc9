import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { Computed } from '../core/call.ts';
import { RuntimeLost } from '../core/runtime.ts';
import { computed, encodedCall } from '../testing/calls.ts';
import { dispatchWorld, slowRuntime } from '../testing/dispatch-world.ts';
import { testRuntime } from '../testing/runtimes.ts';

const lost = async () => {
  throw new RuntimeLost('gone');
};

test('with an empty budget what is lost is not sent once more, and the error says so', async () => {
  const dying = testRuntime('a', { infer: lost });
  const alive = testRuntime('b');
  const { handle, counts } = dispatchWorld([dying, alive], 1);
  await handle(encodedCall());
  await assert.rejects(handle(encodedCall()), {
    code: 'RUNTIME_LOST',
    message: /m 1\.0\.0, and the budget for sending requests once more is empty/,
    retryAfterMs: 1_000,
  });
  assert.deepEqual([alive.asked.length, counts], [1, { redispatches: 1, empty: 1 }]);
});

test('what a runtime says about its loss is told to the caller', async () => {
  const told = 'it computed for longer than maxComputeMs (500 ms)';
  const dying = testRuntime('a', { infer: () => Promise.reject(new RuntimeLost('left', told)) });
  const { handle } = dispatchWorld([dying]);
  await assert.rejects(handle(encodedCall()), {
    message: `the runtime was lost while it computed m 1.0.0: ${told}, and no other one holds the release`,
  });
});

test('what was taken back from a silent runtime is sent once more, marked as such, and its late answer is dropped', async () => {
  const late = Promise.withResolvers<Computed>();
  const silent = testRuntime('a', { infer: () => late.promise });
  const other = testRuntime('b', { infer: async () => computed(0.5) });
  const { handle, counts } = dispatchWorld([silent, other]);
  const answered = handle(encodedCall());
  silent.abandon(() => true);
  assert.deepEqual(await answered, computed(0.5));
  late.resolve(computed(0.25));
  await late.promise;
  assert.deepEqual(
    [silent, other].map(({ asked }) => asked.map(({ again }) => again)),
    [[false], [true]],
  );
  assert.equal(counts.redispatches, 1);
});

test('what was silent once and lost once is told so, and isolates nobody', async () => {
  const silent = testRuntime('a', { infer: () => new Promise(() => undefined) });
  const { handle, quarantine } = dispatchWorld([silent, testRuntime('b', { infer: lost })]);
  const call = encodedCall();
  const answered = handle(call);
  silent.abandon(() => true);
  await assert.rejects(answered, { code: 'RUNTIME_LOST' });
  quarantine.check(call.served.release);
});

test('what is in flight weighs as long as it is, however it ends', async () => {
  const [a, b] = [slowRuntime('a'), slowRuntime('b')];
  const { handle } = dispatchWorld([a, b]);
  const calls = Array.from({ length: 6 }, () => handle(encodedCall()));
  assert.deepEqual([a.asked.length, b.asked.length], [3, 3]);
  a.waiting[0]?.resolve(computed());
  a.waiting[1]?.reject(new SluiceError('COMPUTE_FAILED', 'no'));
  await Promise.allSettled([calls[0], calls[2]]);
  const more = [handle(encodedCall()), handle(encodedCall())];
  assert.deepEqual([a.asked.length, b.asked.length], [5, 3]);
  for (const { waiting } of [a, b]) for (const each of waiting) each.resolve(computed());
  await Promise.allSettled([...calls, ...more]);
});
