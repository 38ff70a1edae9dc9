import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRelease } from '@sluice/kernel/release/read-release';
import { applyRevision } from '@sluice/kernel/revision/revisions';
import { identityModel } from '@sluice/kernel/testing/onnx-model';
import { publicationOf } from '@sluice/kernel/testing/publication';
import { smallModel, startOnDemand } from '../testing/start-on-demand.ts';

const by = { who: 'ada', why: 'why not' };

test('the default is loaded, the rest when somebody asks, and many who ask share one load', async (t) => {
  const { holder, states, demand, lines } = await startOnDemand(t, 2, 10);
  await holder.loadAll([]);
  assert.equal(states(), '1 ON_DEMAND, 2 READY');
  const [first, second] = await Promise.all([demand(1), demand(1)]);
  assert.equal(first.worker, second.worker);
  assert.equal(lines.filter(({ msg }) => msg === 'loaded m 1').length, 1);
});

test('what a new revision names is loaded, and what it names no more leaves when its room is wanted', async (t) => {
  const { holder, store, states, demand, until } = await startOnDemand(t, 4, 3);
  await holder.loadAll([]);
  await applyRevision(store, { models: { m: { default: '1', preload: ['2'] } } }, by);
  await holder.refresh();
  await until(() => states() === '1 READY, 2 READY, 3 ON_DEMAND, 4 READY');
  await demand(3);
  assert.equal(states(), '1 READY, 2 READY, 3 READY, 4 ON_DEMAND');
});

test('a new version is loaded while the old one is served, and a broken one leaves the old one alone', async (t) => {
  const { holder, put, find, states, until } = await startOnDemand(t, 1, 10);
  await holder.loadAll([]);
  const before = find(1);
  await put('m/2/model.onnx', smallModel);
  await put('m/3/model.onnx', 'broken');
  await holder.refresh();
  assert.equal(states(), '1 READY', 'a copy is seen once it is the same twice');
  await holder.refresh();
  await until(() => states() === '1 READY, 2 ON_DEMAND, 3 UNAVAILABLE');
  assert.equal(find(1), before);
});

test('what was half copied when it was tried is loaded when somebody asks for all of it', async (t) => {
  const { holder, store, put, states, until } = await startOnDemand(t, 1, 10);
  await holder.loadAll([]);
  await put('m/2/card.md', 'the graph is on its way');
  await holder.refresh();
  await holder.refresh();
  await until(() => states() === '1 READY, 2 UNAVAILABLE');
  await put('m/2/model.onnx', smallModel);
  await holder.demandNamed(await readRelease(store, 'm', '2'));
  assert.equal(states(), '1 READY, 2 READY');
});

test('a published release is seen at the first look', async (t) => {
  const { holder, put, states, until } = await startOnDemand(t, 1, 10);
  await holder.loadAll([]);
  await put('m/2/model.onnx', smallModel);
  await put('m/2/.published.json', publicationOf(smallModel));
  await holder.refresh();
  await until(() => states() === '1 READY, 2 READY');
});

test('where all room is taken by what stays or is busy the release is refused for now', async (t) => {
  const { holder, states, demand, store, find } = await startOnDemand(t, 4, 3);
  await applyRevision(store, { models: { m: { preload: ['3'] } } }, by);
  await holder.loadAll([]);
  const { worker } = await demand(1);
  const { promise: busy, resolve: finish } = Promise.withResolvers<void>();
  Object.defineProperty(worker, 'isIdle', { value: false, configurable: true });
  worker.idle = () => busy;
  await assert.rejects(demand(2), {
    code: 'RELEASE_UNAVAILABLE',
    message: /^m 2 is not available: no room for .* \(MAX_LOADED_BYTES\) are taken by/,
    retryAfterMs: 1_000,
  });
  assert.equal(states(), '1 READY, 2 ON_DEMAND, 3 READY, 4 READY');
  Object.defineProperty(worker, 'isIdle', { value: true });
  finish();
  await holder.demand(find(2));
  assert.equal(states(), '1 ON_DEMAND, 2 READY, 3 READY, 4 READY');
});

test('a release that is larger than all that may be loaded is refused, and says so', async (t) => {
  const { holder, put } = await startOnDemand(t, 1, 1);
  await put('large/1/model.onnx', identityModel([{ datatype: 'FP32', shape: ['N', 1] }]));
  await put('large/1/card.md', 'x'.repeat(2 ** 20));
  await holder.loadAll([]);
  const large = holder.all().find(({ model }) => model === 'large');
  assert.ok(large?.state.kind === 'UNAVAILABLE');
  assert.match(
    large.state.reason,
    /^it takes 3\.0 MiB, more than all that may be loaded: 1\.0 MiB \(MAX_LOADED/,
  );
});

test('what is loaded by hand stays until it is unloaded by hand, and is then not loaded on demand', async (t) => {
  const { holder, states, demand, put } = await startOnDemand(t, 2, 2);
  await holder.loadAll([]);
  await holder.load('m');
  await put('n/1/model.onnx', smallModel);
  await assert.rejects(holder.load('n'), { message: /^failed to load n: 1: no room/ });
  await holder.unload('m');
  assert.equal(states(), '1 ON_DEMAND, 1 UNLOADED, 2 UNLOADED');
  await holder.refresh();
  await assert.rejects(demand(2), { code: 'RELEASE_UNAVAILABLE', message: /unloaded/ });
  await holder.load('n');
  assert.equal(states(), '1 READY, 1 UNLOADED, 2 UNLOADED');
});
