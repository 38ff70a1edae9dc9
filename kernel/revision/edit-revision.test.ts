import assert from 'node:assert/strict';
import { test } from 'node:test';
import { temporaryStore } from '../testing/temporary-store.ts';
import { editModel, editRevision } from './edit-revision.ts';
import { type ModelSettings, noSettings, type RevisionContent } from './revision.ts';
import { applyRevision, listRevisions, newestRevision, readRevision } from './revisions.ts';

const by = { who: 'ada', why: 'because' };
const withAlias =
  (alias: string, version: string) =>
  (settings: ModelSettings): ModelSettings => ({
    ...settings,
    aliases: { ...settings.aliases, [alias]: version },
  });

test('one model says something else, and all others what they said', async (t) => {
  const { store } = await temporaryStore(t);
  const draft = { models: { m: { parameters: { limit: 1 } }, n: { default: '1' } } };
  await applyRevision(store, draft, by);
  const { revision, isNew } = await editModel(store, 'm', withAlias('champion', '1.0.0'), by);
  assert.deepEqual([revision.revision, revision.who, revision.why, isNew], [2, 'ada', 'because', true]);
  assert.deepEqual(revision.models, {
    m: { ...noSettings, parameters: { limit: 1 }, aliases: { champion: '1.0.0' } },
    n: { ...noSettings, default: '1' },
  });
  assert.deepEqual((await newestRevision(store)).revision, revision);
});

test('streams stay as they are while a model is edited, and the other way round', async (t) => {
  const { store } = await temporaryStore(t);
  const streams = [{ name: 'events', from: 'a', to: 'b', model: 'm' }];
  await applyRevision(store, { streams }, by);
  await editModel(store, 'm', withAlias('champion', '1.0.0'), by);
  const edit = ({ models }: RevisionContent) => ({ models, streams: [] });
  const { revision } = await editRevision(store, edit, by);
  assert.deepEqual([revision.models['m']?.aliases, revision.streams], [{ champion: '1.0.0' }, []]);
  assert.equal((await readRevision(store, 2)).streams[0]?.name, 'events');
});

test('what changes nothing makes no revision', async (t) => {
  const { store } = await temporaryStore(t);
  const { revision, isNew } = await editModel(store, 'm', (settings) => settings, by);
  assert.deepEqual([revision.revision, isNew, await listRevisions(store)], [0, false, []]);
});

test('of many who edit at once nobody is refused, and nobody loses what another one said', async (t) => {
  const { store } = await temporaryStore(t);
  const names = Array.from({ length: 20 }, (_, index) => `alias-${index}`);
  await Promise.all(names.map((name) => editModel(store, 'm', withAlias(name, '1'), by)));
  const { revision } = await newestRevision(store);
  assert.equal(revision.revision, names.length);
  assert.deepEqual(Object.keys(revision.models['m']?.aliases ?? {}).sort(), names.sort());
});

test('a newest revision that is invalid is gone past, on the last good one', async (t) => {
  const { store, put } = await temporaryStore(t);
  await applyRevision(store, { models: { m: { aliases: { champion: '1' } } } }, by);
  await put('_revisions/000002.yaml', 'models: {');
  const { revision } = await editModel(store, 'm', withAlias('challenger', '2'), by);
  assert.equal(revision.revision, 3);
  assert.deepEqual(revision.models['m']?.aliases, { champion: '1', challenger: '2' });
});

test('settings that no revision may have are refused, and nothing is written', async (t) => {
  const { store } = await temporaryStore(t);
  await assert.rejects(editModel(store, 'm', withAlias('Best', '1'), by), {
    code: 'INVALID_INPUT',
    message: /^models\.m\.aliases\.Best: an alias is/,
  });
  assert.deepEqual(await listRevisions(store), []);
});
