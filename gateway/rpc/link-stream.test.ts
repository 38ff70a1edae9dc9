import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { RuntimeStalled } from '../core/runtime.ts';
import { testRelease } from '../testing/calls.ts';
import { until } from './testing/fake-runtime.ts';
import { large, never, request, startLink } from './testing/open-link.ts';

test('what nobody waits for any more is revoked', async (t) => {
  const { runtime, link } = await startLink(t);
  const gone = new AbortController();
  const asked = link.infer(request(), gone.signal);
  await until(() => runtime.streams[0]?.entries.length === 1);
  gone.abort(new SluiceError('CANCELLED', 'the caller went away'));
  await assert.rejects(asked, { code: 'CANCELLED' });
  await until(() => runtime.streams[0]?.cancels[0] === 1);
  assert.deepEqual([link.inFlight, link.silentSince], [0, undefined]);
});

test('silence begins with the first request and with each answer', async (t) => {
  const { runtime, link } = await startLink(t);
  assert.equal(link.silentSince, undefined);
  const before = performance.now();
  const asked = [link.infer(request(), never), link.infer(request(), never)];
  const since = link.silentSince ?? 0;
  assert.ok(since >= before);
  await until(() => runtime.streams[0]?.entries.length === 2);
  runtime.streams[0]?.answer(1);
  await asked[0];
  assert.ok((link.silentSince ?? 0) > since);
  runtime.streams[0]?.answer(2);
  await asked[1];
  assert.equal(link.silentSince, undefined);
});

test('deadlines that pass without an answer add up to silence, callers who go away do not', async (t) => {
  const { link } = await startLink(t);
  /** How long it was silent at least, when the caller of one request went. */
  const silence = async (code: 'DEADLINE_EXCEEDED' | 'CANCELLED'): Promise<number> => {
    const gone = new AbortController();
    const asked = link.infer(request(), gone.signal);
    const since = link.silentSince ?? 0;
    await until(() => performance.now() > since);
    const silentMs = performance.now() - since;
    gone.abort(new SluiceError(code, 'gone'));
    await assert.rejects(asked);
    return silentMs;
  };
  const first = await silence('DEADLINE_EXCEEDED');
  const second = await silence('DEADLINE_EXCEEDED');
  assert.ok(second >= first, `${second} after ${first}`);
  await silence('CANCELLED');
  const before = performance.now();
  void link.infer(request(), never).catch(() => undefined);
  assert.ok((link.silentSince ?? 0) >= before);
});

test('a silent cell is not blamed: its runtime watches it', async (t) => {
  const { link } = await startLink(t, 'cell');
  void link.infer(request(), never).catch(() => undefined);
  assert.deepEqual([link.inFlight, link.silentSince], [1, undefined]);
});

test('of what is taken back one is left as a probe, whose late answer goes to nobody', async (t) => {
  const { runtime, link } = await startLink(t);
  const asked = [1, 2, 3].map((priority) => link.infer(request(8, { priority }), never));
  for (const each of asked) each.catch(() => undefined);
  const [stream] = runtime.streams;
  await until(() => stream?.entries.length === 3);
  link.abandon(({ priority }) => priority > 1);
  for (const each of asked.slice(1)) await assert.rejects(each, RuntimeStalled);
  await until(() => stream?.cancels.length === 1);
  assert.deepEqual([stream?.cancels, link.inFlight], [[3], 2]);
  link.abandon(() => true);
  await assert.rejects(asked[0] ?? Promise.resolve(), RuntimeStalled);
  assert.equal(link.inFlight, 1, 'there is a probe already');
  stream?.answer(2);
  await until(() => link.inFlight === 0);
  assert.equal(link.silentSince, undefined);
});

test('what waits for the second stream is not sent to another process that answers there', async (t) => {
  const { runtime, link } = await startLink(t);
  // The first stream still has the old process; the second one meets the new one.
  const release = testRelease();
  const asked = link.infer({ ...request(large), handle: 9, release }, never);
  await assert.rejects(asked, { name: 'RuntimeLost', message: /another process/ });
  assert.equal(runtime.streams[1]?.entries.length, 0);
});
