import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { applyRevision, newestRevision } from '@sluice/kernel/revision/revisions';
import { openStore } from '@sluice/kernel/store/open-store';
import { type Outcome, runSluice } from '../testing/run-sluice.ts';

/** A store with releases of `churn` (empty folders do) and `digits`. */
const setUp = (context: TestContext) => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-addressing-'));
  context.after(() => rmSync(folder, { recursive: true }));
  for (const release of ['churn/1.0.0', 'churn/1.1.0', 'churn/2.0.0-rc.1', 'digits/1'])
    mkdirSync(join(folder, release), { recursive: true });
  const store = openStore(`file:${folder}`);
  const environment = { STORE_URL: store.url };
  return {
    store,
    churn: async () => (await newestRevision(store)).revision.models['churn'],
    run: (...args: string[]): Promise<Outcome> => runSluice(args, { environment, isInteractive: true }),
  };
};

test('an alias is set, moved, listed and removed, each in a revision with who and why', async (t) => {
  const { run, store, churn } = setUp(t);
  const set = await run('alias', 'set', 'churn', 'champion', '1.0.0', '--why', 'first');
  assert.deepEqual([set.exitCode, set.stdout], [0, 'churn champion is 1.0.0 (revision 1)\n']);
  await run('alias', 'set', 'churn', 'challenger', '2.0.0-rc.1');
  await run('alias', 'set', 'churn', 'champion', '1.1.0', '--why', 'better');
  assert.deepEqual((await churn())?.aliases, { champion: '1.1.0', challenger: '2.0.0-rc.1' });
  const { revision } = await newestRevision(store);
  assert.deepEqual([revision.revision, revision.why], [3, 'better']);
  assert.match(revision.who, /.@./);
  assert.deepEqual((await run('alias', 'list')).stdout.split('\n'), [
    'MODEL  ALIAS       VERSION     DEFAULT',
    'churn  champion    1.1.0',
    'churn  challenger  2.0.0-rc.1',
    '',
  ]);
  const removed = await run('alias', 'remove', 'churn', 'challenger', '--why', 'lost');
  assert.equal(removed.stdout, 'churn has no alias challenger (revision 4)\n');
  assert.deepEqual((await churn())?.aliases, { champion: '1.1.0' });
  assert.equal((await run('alias', 'list', 'digits')).stdout, 'MODEL  ALIAS  VERSION  DEFAULT\n');
});

test('what the revision says already makes no other one', async (t) => {
  const { run } = setUp(t);
  await run('alias', 'set', 'digits', 'champion', '1.0.0');
  const { stdout } = await run('alias', 'set', 'digits', 'champion', '1');
  assert.equal(stdout, 'digits champion is 1 (nothing to do, revision 1 says so)\n');
});

test('all else that the revision says stays as it is', async (t) => {
  const { run, store, churn } = setUp(t);
  const blocked = [{ version: '1.0.0', reason: 'wrong currency' }];
  const draft = { models: { churn: { blocked, parameters: { limit: 1 } }, digits: { default: '1' } } };
  await applyRevision(store, draft, { who: '', why: '' });
  await run('alias', 'set', 'churn', 'champion', '1.1.0');
  const settings = await churn();
  assert.deepEqual([settings?.blocked, settings?.parameters], [blocked, { limit: 1 }]);
  assert.equal((await newestRevision(store)).revision.models['digits']?.default, '1');
});

test('a release is deprecated with what callers are told, anew with other words, and no longer', async (t) => {
  const { run, store, churn } = setUp(t);
  const first = await run('release', 'deprecate', 'churn', '1.0.0', '--reason', 'too old');
  assert.deepEqual([first.exitCode, first.stdout], [0, 'churn 1.0.0 is deprecated: too old (revision 1)\n']);
  assert.equal((await newestRevision(store)).revision.why, 'too old');
  await run('release', 'deprecate', 'churn', '1.0.0', '--reason', 'use 1.1.0', '--why', 'clearer');
  assert.deepEqual((await churn())?.deprecated, [{ version: '1.0.0', reason: 'use 1.1.0' }]);
  const back = await run('release', 'undeprecate', 'churn', '1.0.0');
  assert.equal(back.stdout, 'churn 1.0.0 is not deprecated (revision 3)\n');
  assert.deepEqual((await churn())?.deprecated, []);
});

const refused: readonly [args: readonly string[], exitCode: number, message: RegExp][] = [
  [
    ['alias', 'set', 'churn', 'champion', '9.0.0'],
    1,
    /has no churn 9\.0\.0; there are 2\.0\.0-rc\.1, 1\.1\.0, 1\.0\.0 \(RELEASE_NOT_FOUND\)$/m,
  ],
  [['alias', 'set', 'churn', 'champion', '1.x'], 1, /has no churn 1\.x; .* \(RELEASE_NOT_FOUND\)$/m],
  [
    ['alias', 'set', 'chrun', 'champion', '1.0.0'],
    1,
    /has no releases of chrun; there are models: churn, digits \(MODEL_NOT_FOUND\)$/m,
  ],
  [['alias', 'set', 'churn', 'Best', '1.0.0'], 1, /models\.churn\.aliases\.Best: .*\(INVALID_INPUT\)/s],
  [['alias', 'set', 'churn', '1.0.0', '1.0.0'], 1, /an alias is a lower-case letter/],
  [
    ['alias', 'set', 'churn', 'champion', '1.1.0'],
    1,
    /^sluice: churn 1\.1\.0 is blocked: drift \(RELEASE_BLO/m,
  ],
  [['alias', 'set', 'churn', 'champion'], 64, /missing required argument 'version'/],
  [
    ['alias', 'remove', 'churn', 'nobody'],
    1,
    /churn has no alias nobody; there are: main \(ALIAS_NOT_FOUND\)$/m,
  ],
  [['alias', 'remove', 'churn', 'main'], 1, /main is the default of churn: .*first \(ALIAS_IN_USE\)$/m],
  [['release', 'deprecate', 'churn', '1.0.0'], 64, /--reason/],
  [['release', 'deprecate', 'churn', '9', '--reason', 'x'], 1, /has no churn 9; there are/],
  [
    ['release', 'undeprecate', 'churn', '1.0.0'],
    1,
    /is not deprecated; these are: none \(NOT_DEPRECATED\)$/m,
  ],
];

for (const [args, exitCode, message] of refused) {
  test(`sluice ${args.join(' ')} is refused, and no revision is made`, async (t) => {
    const { run, store } = setUp(t);
    const churn = {
      default: 'main',
      aliases: { main: '1.0.0' },
      blocked: [{ version: '1.1.0', reason: 'drift' }],
    };
    await applyRevision(store, { models: { churn } }, { who: '', why: '' });
    const outcome = await run(...args);
    assert.equal(outcome.exitCode, exitCode);
    assert.match(outcome.stderr, message);
    assert.equal((await newestRevision(store)).revision.revision, 1);
  });
}

test('commands at the same time all have their way', async (t) => {
  const { run, churn } = setUp(t);
  const names = Array.from({ length: 8 }, (_, index) => `alias-${index}`);
  const outcomes = await Promise.all(names.map((name) => run('alias', 'set', 'churn', name, '1.0.0')));
  assert.deepEqual(new Set(outcomes.map(({ exitCode }) => exitCode)), new Set([0]));
  assert.deepEqual(Object.keys((await churn())?.aliases ?? {}).sort(), names);
});
