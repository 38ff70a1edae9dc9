import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { applyRevision } from '@sluice/kernel/revision/revisions';
import { createLog } from '@sluice/kernel/telemetry/log';
import { identityModel } from '@sluice/kernel/testing/onnx-model';
import { publicationOf } from '@sluice/kernel/testing/publication';
import { temporaryStore } from '@sluice/kernel/testing/temporary-store';
import { StoreWatch } from './store-watch.ts';

const model = identityModel([{ datatype: 'FP32', shape: ['N', 2] }]);
const by = { who: 'ada', why: 'why not' };

const never = 1_000_000;

const start = async (t: TestContext, { pollMs = never, revisionPollMs = never } = {}) => {
  const temporary = await temporaryStore(t);
  const lines: { readonly level: string; readonly msg: string }[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[number]);
  const log = createLog({ process: 'test', environment: 'dev', level: 'info', destination: { write } });
  const watch = new StoreWatch({ store: temporary.store, log, pollMs, revisionPollMs });
  t.after(() => watch[Symbol.asyncDispose]());
  const versions = () =>
    (watch.index.get('m') ?? []).map((each) => `${each.version} ${'served' in each ? 'good' : 'broken'}`);
  return { ...temporary, watch, versions, messages: () => lines.splice(0).map(({ msg }) => msg) };
};

test('an empty store has no models, and revision 0 is in force', async (t) => {
  const { watch } = await start(t);
  await watch.start();
  assert.deepEqual([watch.index.size, watch.revision.revision], [0, 0]);
});

test('releases are found when they come, the highest first, and are read once', async (t) => {
  const { watch, put, versions } = await start(t);
  await put('m/1/model.onnx', model);
  await watch.start();
  const [first] = watch.index.get('m') ?? [];
  await put('m/1.2.0/model.onnx', model);
  assert.deepEqual(versions(), ['1 good']);
  await watch.refresh();
  assert.deepEqual(versions(), ['1 good'], 'a copy is seen once it is the same twice');
  await watch.refresh();
  assert.deepEqual(versions(), ['1.2.0 good', '1 good']);
  assert.equal(watch.index.get('m')?.[1], first);
});

test('a broken release is known with its fault, reported once, and read again', async (t) => {
  const { watch, put, versions, messages } = await start(t);
  await put('m/1/model.onnx', model);
  await put('m/2/model.onnx', 'not yet');
  await watch.start();
  assert.deepEqual(versions(), ['2 broken', '1 good']);
  const [message, ...more] = messages();
  assert.match(message ?? '', /^m 2 cannot be served: model\.onnx: this is not an ONNX model/);
  await watch.refresh();
  assert.deepEqual([more, messages()], [[], []]);
  await put('m/2/model.onnx', model);
  await watch.refresh();
  assert.deepEqual(versions(), ['2 good', '1 good']);
});

test('a broken release is read again only when a file of its model was changed', async (t) => {
  const { store, put } = await temporaryStore(t);
  let reads = 0;
  const read = (path: string): Promise<Buffer> => {
    reads += 1;
    return store.read(path);
  };
  const log = createLog({ process: 'test', environment: 'dev', level: 'silent' });
  const watch = new StoreWatch({
    store: { ...store, look: async () => ({ ...store, read }) },
    log,
    pollMs: never,
    revisionPollMs: never,
  });
  await put('m/1/model.onnx', 'not yet');
  const readsOfLook = async (): Promise<number> => {
    reads = 0;
    await watch.refresh();
    return reads;
  };
  assert.deepEqual([(await readsOfLook()) > 0, await readsOfLook()], [true, 0]);
  await put('m/config.pbtxt', 'name: "m"');
  assert.deepEqual([(await readsOfLook()) > 0, await readsOfLook()], [true, 0]);
});

test('a release that cannot be read because the store is away is not broken, and what is known stays', async (t) => {
  const { store, put } = await temporaryStore(t);
  let away = false;
  const read = async (path: string): Promise<Buffer> => {
    if (away) throw new SluiceError('STORE_UNAVAILABLE', 'away');
    return store.read(path);
  };
  const log = createLog({ process: 'test', environment: 'dev', level: 'silent' });
  const watch = new StoreWatch({
    store: { ...store, look: async () => ({ ...store, read }) },
    log,
    pollMs: never,
    revisionPollMs: never,
  });
  await put('m/1/model.onnx', model);
  await watch.refresh();
  await put('m/2/model.onnx', model);
  await watch.refresh();
  const known = watch.index;
  away = true;
  await assert.rejects(watch.refresh(), { code: 'STORE_UNAVAILABLE' });
  assert.equal(watch.index, known);
  away = false;
  await watch.refresh();
  assert.deepEqual(
    watch.index.get('m')?.map((each) => [each.version, 'served' in each]),
    [
      ['2', true],
      ['1', true],
    ],
  );
});

test('a release that was read half copied is as it is after its model was read anew', async (t) => {
  const { watch, put } = await start(t);
  const digest = (): string => {
    const [first] = watch.index.get('m') ?? [];
    return first !== undefined && 'served' in first ? first.served.release.digest : '';
  };
  await put('m/1/model.onnx', model);
  await watch.start();
  const before = digest();
  await put('m/1/card.md', 'came later');
  await watch.refresh();
  assert.equal(digest(), before);
  await watch.reread('other');
  assert.equal(digest(), before);
  await watch.reread('m');
  assert.notEqual(digest(), before);
});

test('a revision is in force when it was applied, and is said aloud', async (t) => {
  const { watch, store, messages } = await start(t);
  await watch.start();
  await applyRevision(store, { models: { m: { default: '1' } } }, by);
  await watch.refresh();
  assert.equal(watch.revision.models['m']?.default, '1');
  assert.deepEqual(messages(), ['revision 1 is in force']);
});

test('an invalid revision leaves the last good one in force, and is reported once', async (t) => {
  const { watch, store, put, messages } = await start(t);
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

test('a published release is seen at once, and whoever wants to know is told of it', async (t) => {
  const { watch, put, versions } = await start(t);
  await watch.start();
  let news = 0;
  watch.onNews(() => {
    news += 1;
  });
  await watch.refresh();
  assert.equal(news, 0);
  await put('m/1/model.onnx', model);
  await put('m/1/.published.json', publicationOf(model));
  await watch.refresh();
  assert.deepEqual([versions(), news], [['1 good'], 1]);
});

test('a broken release is no news each time it is read', async (t) => {
  const { watch, put } = await start(t);
  await put('m/1/model.onnx', 'broken');
  await watch.start();
  watch.onNews(() => assert.fail('there is no news'));
  await watch.refresh();
});

test('looking at the store while somebody looks is one look', async (t) => {
  const { watch } = await start(t);
  assert.equal(watch.refresh(), watch.refresh());
  await watch.refresh();
});

test('what is new is found by polling alone', async (t) => {
  const { watch, put, versions } = await start(t, { pollMs: 5 });
  await watch.start();
  await put('m/1/model.onnx', model);
  while (versions().length === 0) await new Promise((resolve) => setImmediate(resolve));
});

test('a newer revision is found by its own polling, releases and revision in one step', async (t) => {
  const { watch, put, store, versions } = await start(t, { revisionPollMs: 5 });
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
  const { watch, put, store } = await start(t);
  await put('m/1/model.onnx', model);
  await put('m/2/model.onnx', 'no graph');
  await applyRevision(store, {}, by);
  await watch.start();
  const before = watch.resolver;
  await watch.refresh();
  assert.equal(watch.resolver, before);
});

test('requests as of an earlier time get what was in force then', async (t) => {
  const { watch, put, store } = await start(t);
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
