import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RuntimeLost } from '../core/runtime.ts';
import { testRelease } from '../testing/calls.ts';
import { packages, startFakeRuntime, until } from './testing/fake-runtime.ts';
import { large, never, openLink, request, startBoth, startLink } from './testing/open-link.ts';

test('a link is available once the runtime has announced what it holds', async (t) => {
  const { link, events } = await startLink(t);
  assert.deepEqual([link.ready, link.inFlight, events.changes], [true, 0, 1]);
  assert.deepEqual(link.held(testRelease()), {
    handle: 7,
    digest: 'sha256:1',
    state: 'READY',
    reason: '',
  });
});

test('small requests share one stream, large ones have another, which is opened for the first and kept', async (t) => {
  const { runtime, link, main, bulk, asked } = await startBoth(t);
  asked.push(link.infer(request(large), never), link.infer(request(8), never));
  await until(() => main.entries.length === 2 && bulk.entries.length === 2);
  assert.equal(runtime.streams.length, 2);
  assert.equal(link.inFlight, 4);
  for (const stream of [main, bulk]) for (const { id } of stream.entries) stream.answer(id);
  assert.equal((await Promise.all(asked)).length, 4);
  assert.equal(link.inFlight, 0);
});

test('when one stream breaks the runtime is lost as a whole, once', async (t) => {
  const { link, events, bulk, asked } = await startBoth(t);
  bulk.end();
  for (const each of asked) await assert.rejects(each, RuntimeLost);
  assert.deepEqual(
    events.lost.map((releases) => releases.map(({ model }) => model)),
    [['m', 'm']],
  );
  assert.equal(link.inFlight, 0);
  await until(() => link.available);
});

test('a request that the runtime cannot receive is refused, and harms nobody', async (t) => {
  const { runtime, link } = await startLink(t);
  runtime.announce({ maxFrameBytes: 1_000 });
  const fits = link.infer(request(8), never);
  await until(() => runtime.streams[0]?.entries.length === 1);
  await assert.rejects(link.infer(request(1_000), never), {
    code: 'MESSAGE_TOO_LARGE',
    message: /takes 11\d\d bytes on its way to the runtime, which receives at most 1000 at once/,
  });
  runtime.streams[0]?.answer(1);
  await fits;
});

test('no frame is larger than what the runtime receives', async (t) => {
  const runtime = await startFakeRuntime(t);
  runtime.announce({ maxFrameBytes: 5_000 });
  const { link: own } = await openLink(t, runtime);
  const asked = Array.from({ length: 8 }, () => own.infer(request(2_000), never));
  const [stream] = runtime.streams;
  await until(() => stream?.entries.length === asked.length);
  const { ExchangeRequest } = packages.sluice.runtime.v1;
  const sizes = stream?.frames.map((frame) => ExchangeRequest.serialize(frame).length) ?? [];
  assert.equal(sizes.length, 4);
  assert.ok(sizes.every((size) => size > 4_000 && size <= 5_000));
  for (const { id } of stream?.entries ?? []) stream?.answer(id);
  await Promise.all(asked);
});
