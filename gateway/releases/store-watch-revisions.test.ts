import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyRevision } from '@sluice/kernel/revision/revisions';
import { identityModel } from '@sluice/kernel/testing/onnx-model';
import { startWatch } from '../testing/start-watch.ts';

const model = identityModel([{ datatype: 'FP32', shape: ['N', 2] }]);
const by = { who: 'ada', why: 'why not' };

test('a revision is in force when it was applied, and is said aloud', async (t) => {
  const { watch, store, messages } = await startWatch(t);
  await watch.start();
  await applyRevision(store, { models: { m: { default: '1' } } }, by);
  await watch.refresh();
  assert.equal(watch.revision.models['m']?.default, '1');
  assert.deepEqual(messages(), ['revision 1 is in force']);
});

test('an invalid revision leaves the last good one in force, and is reported once', async (t) => {
  const { watch, store, put, messages } = await startWatch(t);
  await applyRevision(store, {}, by);
  await watch.start();
  messages();
  await put('_revisions/000002.yaml', 'models: {');
  await watch.refresh();
  await watch.refresh();
  const [message, ...more] = messages();
  assert.match(message ?? '', /^a revision is invalid, the last good one stays in force: .*000002\.yaml/);
  assert.deepEqual([more, watch.revision.revision], [[], 1]);
  await applyRevision(store, {}, by);
  await watch.refresh();
  assert.equal(watch.revision.revision, 3);
});

test('a newer revision is found by its own polling, releases and revision in one step', async (t) => {
  const { watch, put, store, versions } = await startWatch(t, { revisionPollMs: 5 });
  await put('m/1.0.0/model.onnx', model);
  await watch.start();
  const before = watch.resolver;
  // No look at all releases is due: the revision itself makes the gateway read what it names.
  await put('m/2.0.0/model.onnx', model);
  await put('n/1/model.onnx', model);
  const models = { m: { aliases: { champion: '2.0.0' } }, n: { default: '1' }, gone: { default: '1' } };
  await applyRevision(store, { models }, by);
  while (watch.resolver.revision.revision === 0) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(versions(), ['2.0.0 good', '1.0.0 good']);
  assert.deepEqual([...watch.index.keys()], ['m', 'n']);
  assert.deepEqual([before.revision.revision, before.index.get('m')?.length], [0, 1]);
});

test('where nothing is new nothing is replaced', async (t) => {
  const { watch, put, store } = await startWatch(t);
  await put('m/1/model.onnx', model);
  await put('m/2/model.onnx', 'no graph');
  await applyRevision(store, {}, by);
  await watch.start();
  const before = watch.resolver;
  await watch.refresh();
  assert.equal(watch.resolver, before);
});

test('requests as of an earlier time get what was in force then', async (t) => {
  const { watch, put, store } = await startWatch(t);
  for (const version of ['1', '2']) await put(`m/${version}/model.onnx`, model);
  for (const [index, version] of ['1', '2'].entries()) {
    const when = `2026-11-0${index + 1}T00:00:00Z`;
    const revision = { revision: index + 1, when, models: { m: { aliases: { champion: version } } } };
    await put(`_revisions/00000${index + 1}.yaml`, JSON.stringify(revision));
  }
  await watch.start();
  const as = async (selector: string) => (await watch.resolver.resolve('m', selector)).served.release.version;
  assert.deepEqual([await as('champion'), await as('champion@2026-11-01')], ['2', '1']);
  await applyRevision(store, { models: { m: { aliases: { champion: '1' } } } }, by);
  await watch.refresh();
  assert.deepEqual([await as('champion'), await as('champion@2026-11-02')], ['1', '2']);
});
