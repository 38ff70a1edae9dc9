import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SluiceError } from '../errors/sluice-error.ts';
import { temporaryStore } from '../testing/temporary-store.ts';
import { emptyRevision, noSettings } from './revision.ts';
import { applyRevision, listRevisions, newestRevision, readRevision } from './revisions.ts';

const by = { who: 'ada', why: 'because' };
const draft = { models: { churn: { default: '1.0.0', parameters: { proba_cutoff: 0.65 } } } };

test('an empty store has the built-in revision 0', async (t) => {
  const { store } = await temporaryStore(t);
  assert.deepEqual(await newestRevision(store), { revision: emptyRevision, faults: [] });
  assert.deepEqual(await readRevision(store, 0), emptyRevision);
});

test('what is applied is the newest, with who, when and why, and the older ones stay', async (t) => {
  const { store } = await temporaryStore(t);
  const first = await applyRevision(store, draft, by);
  const second = await applyRevision(store, { revision: 1, models: {} }, { who: 'bob', why: 'back' });
  assert.deepEqual([first.revision, second.revision], [1, 2]);
  assert.deepEqual((await newestRevision(store)).revision, second);
  assert.deepEqual(await readRevision(store, 1), first);
  assert.deepEqual(await listRevisions(store), [2, 1]);
  assert.equal(first.who, 'ada');
  assert.ok(Math.abs(Date.now() - Date.parse(first.when)) < 60_000);
  assert.deepEqual(first.models['churn'], { ...noSettings, ...draft.models.churn });
});

test('what a revision may say of a model is kept as it was written', async (t) => {
  const { store } = await temporaryStore(t);
  const settings = {
    default: 'champion',
    aliases: { champion: '1.1.0', challenger: '2.0.0-rc.1' },
    blocked: [{ version: '1.0.0', reason: 'wrong currency' }],
    deprecated: [{ version: '1.0.1', reason: 'too old' }],
    preload: ['1.0.1'],
    parameters: { limit: 1 },
  };
  await applyRevision(store, { models: { m: settings } }, by);
  assert.deepEqual((await readRevision(store, 1)).models['m'], settings);
});

test('of many drafts made from the same revision exactly one is applied', async (t) => {
  const { store } = await temporaryStore(t);
  await applyRevision(store, draft, by);
  const writers = Array.from({ length: 20 }, (_, index) => ({ who: `writer ${index}`, why: '' }));
  const outcomes = await Promise.allSettled(
    writers.map((writer) => applyRevision(store, { ...draft, revision: 1 }, writer)),
  );
  const won = outcomes.filter((outcome) => outcome.status === 'fulfilled').map(({ value }) => value);
  const lost = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason);
  assert.equal(won.length, 1);
  assert.ok(lost.every((error) => error instanceof SluiceError && error.code === 'ALREADY_EXISTS'));
  assert.deepEqual((await newestRevision(store)).revision, won[0]);
});

test('drafts without a base never write the same number twice', async (t) => {
  const { store } = await temporaryStore(t);
  const applied = await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) => applyRevision(store, draft, { who: `${index}`, why: '' })),
  );
  const numbers = applied.flatMap((outcome) =>
    outcome.status === 'fulfilled' ? [outcome.value.revision] : [],
  );
  assert.equal(new Set(numbers).size, numbers.length);
  assert.deepEqual(
    await listRevisions(store),
    numbers.sort((a, b) => b - a),
  );
});

test('a draft made from an older revision is refused', async (t) => {
  const { store } = await temporaryStore(t);
  await applyRevision(store, draft, by);
  await assert.rejects(applyRevision(store, { ...draft, revision: 0 }, by), {
    code: 'ALREADY_EXISTS',
    message: 'the draft was made from revision 0, the newest is 1',
  });
});

const bad: readonly [what: string, draft: unknown, path: string][] = [
  ['an unknown key', { modles: {} }, '(root)'],
  ['an unknown key of a model', { models: { m: { defualt: '1' } } }, 'models.m'],
  [
    'a default that is neither version nor alias',
    { models: { m: { default: 'latest' } } },
    'models.m.default',
  ],
  [
    'a default that is an alias of another model',
    { models: { m: { default: 'champion' }, n: { aliases: { champion: '1' } } } },
    'models.m.default',
  ],
  ['an alias for a range', { models: { m: { aliases: { champion: '2.x' } } } }, 'models.m.aliases.champion'],
  [
    'an alias for an alias',
    { models: { m: { aliases: { champion: '1', best: 'champion' } } } },
    'models.m.aliases.best',
  ],
  ['an alias with capital letters', { models: { m: { aliases: { Best: '1' } } } }, 'models.m.aliases.Best'],
  ['an alias that is a version', { models: { m: { aliases: { 2: '1' } } } }, 'models.m.aliases.2'],
  ['an alias that is a range', { models: { m: { aliases: { x: '1' } } } }, 'models.m.aliases.x'],
  ['aliases as a list', { models: { m: { aliases: ['champion'] } } }, 'models.m.aliases'],
  [
    'a deprecation without a reason',
    { models: { m: { deprecated: [{ version: '1' }] } } },
    'models.m.deprecated.0.reason',
  ],
  [
    'a deprecated range',
    { models: { m: { deprecated: [{ version: '1.x', reason: 'old' }] } } },
    'models.m.deprecated.0.version',
  ],
  ['a preload of a range', { models: { m: { preload: ['1', '2.x'] } } }, 'models.m.preload.1'],
  ['a preload that is no list', { models: { m: { preload: '1' } } }, 'models.m.preload'],
  ['a default that is a number', { models: { m: { default: 1 } } }, 'models.m.default'],
  [
    'a block without a reason',
    { models: { m: { blocked: [{ version: '1', reason: '' }] } } },
    'models.m.blocked.0.reason',
  ],
  ['a parameter that is a list', { models: { m: { parameters: { p: [1] } } } }, 'models.m.parameters.p'],
  ['no object at all', 'models', '(root)'],
  ['nothing', null, '(root)'],
];

for (const [what, content, path] of bad) {
  test(`a draft is refused, and nothing is written: ${what}`, async (t) => {
    const { store } = await temporaryStore(t);
    await assert.rejects(applyRevision(store, content, by), (error) => {
      assert.ok(error instanceof SluiceError);
      assert.equal(error.code, 'INVALID_INPUT');
      assert.deepEqual(
        error.violations.map((violation) => violation.path),
        [path],
      );
      return true;
    });
    assert.deepEqual(await listRevisions(store), []);
  });
}
