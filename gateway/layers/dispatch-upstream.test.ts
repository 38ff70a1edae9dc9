import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { RuntimeLost } from '../core/runtime.ts';
import { computed, encodedCall, served } from '../testing/calls.ts';
import { type TestRuntimeOptions, testRuntime } from '../testing/runtimes.ts';
import { upstreamRelease } from '../testing/upstreams.ts';
import { dispatchUpstream } from './dispatch-upstream.ts';

const call = encodedCall({ served: served(upstreamRelease()) });
const opened = (options: TestRuntimeOptions = {}) => {
  const server = testRuntime('grpc://far:1', options);
  const ask = dispatchUpstream({ upstreamOf: () => server, toRuntimes: async () => computed(0.25) });
  return { server, ask };
};

test('a release of kind upstream goes to its server, every other one to the runtimes', async () => {
  const { server, ask } = opened();
  assert.deepEqual(await ask(call), computed());
  assert.deepEqual(await ask(encodedCall()), computed(0.25));
  assert.equal(server.asked.length, 1);
  assert.equal(server.asked[0]?.release, call.served.release);
});

const away: readonly [options: TestRuntimeOptions, reason: string][] = [
  [{ available: false }, 'grpc://far:1 is not reachable'],
  [{ held: { state: 'UNAVAILABLE', reason: 'golden' } }, 'grpc://far:1: golden'],
  [{ held: { state: 'LOADING' } }, 'grpc://far:1: loading'],
];

for (const [options, reason] of away) {
  test(`what cannot be served is not sent: ${reason}`, async () => {
    const { server, ask } = opened(options);
    await assert.rejects(ask(call), {
      code: 'RELEASE_UNAVAILABLE',
      message: `m 1.0.0 is not available: ${reason}`,
      retryAfterMs: 1_000,
    });
    assert.equal(server.asked.length, 0);
  });
}

test('what is lost is not sent again', async () => {
  const infer = async () => {
    throw new RuntimeLost('connection dropped');
  };
  const { server, ask } = opened({ infer });
  await assert.rejects(ask(call), {
    code: 'RUNTIME_LOST',
    message: 'grpc://far:1 was lost while it computed m 1.0.0: connection dropped',
    retryAfterMs: 1_000,
  });
  assert.equal(server.asked.length, 1);
});

test('other errors pass as they are', async () => {
  const error = new SluiceError('QUEUE_FULL', 'too many');
  const { ask } = opened({
    infer: async () => {
      throw error;
    },
  });
  await assert.rejects(ask(call), error);
});
