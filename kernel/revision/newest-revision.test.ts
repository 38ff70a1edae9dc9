import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { temporaryStore } from '../testing/temporary-store.ts';
import { applyRevision, listRevisions, newestRevision } from './revisions.ts';

const when = '2026-11-21T09:00:00.000Z';
const broken: readonly [what: string, text: string, fault: RegExp][] = [
  ['no YAML', 'models: {', /^_revisions\/000002\.yaml is not YAML: /],
  ['nothing', '', /^_revisions\/000002\.yaml: \(root\): /],
  [
    'an unknown key',
    stringify({ revision: 2, when, stream: [] }),
    /^_revisions\/000002\.yaml: \(root\): .*"stream"/,
  ],
  [
    'another number',
    stringify({ revision: 3, when }),
    /^_revisions\/000002\.yaml: revision: expected 2, got 3/,
  ],
  ['no time', stringify({ revision: 2 }), /when: /],
  ['a time that is none', stringify({ revision: 2, when: 'yesterday' }), /when: /],
  [
    'several faults',
    stringify({ revision: 2, when, models: { a: { default: 'x' }, b: 1 } }),
    /models\.a\.default: expected an exact version or an alias of the model; models\.b: /,
  ],
];

for (const [what, text, fault] of broken) {
  test(`an invalid file leaves the last good one in force, and is reported: ${what}`, async (t) => {
    const { store, put } = await temporaryStore(t);
    const good = await applyRevision(store, {}, { who: '', why: '' });
    await put('_revisions/000002.yaml', text);
    const { revision, faults } = await newestRevision(store);
    assert.deepEqual(revision, good);
    assert.equal(faults.length, 1);
    assert.match(faults[0] ?? '', fault);
  });
}

test('with invalid files alone the empty revision is in force, and each one is reported', async (t) => {
  const { store, put } = await temporaryStore(t);
  await put('_revisions/000001.yaml', 'x');
  await put('_revisions/000002.yaml', 'x');
  const { revision, faults } = await newestRevision(store);
  assert.equal(revision.revision, 0);
  assert.deepEqual(
    faults.map((fault) => fault.slice(0, 22)),
    ['_revisions/000002.yaml', '_revisions/000001.yaml'],
  );
});

test('the next revision goes past an invalid file, never over it', async (t) => {
  const { store, put } = await temporaryStore(t);
  await put('_revisions/000007.yaml', 'x');
  const { revision } = await applyRevision(store, {}, { who: '', why: '' });
  assert.equal(revision, 8);
});

test('numbers beyond six digits sort as numbers, and other files are no revisions', async (t) => {
  const { store, put } = await temporaryStore(t);
  for (const name of ['999999.yaml', '1000000.yaml', '000001.yaml', '1.yaml', '000002.yml', 'README.md'])
    await put(`_revisions/${name}`, '');
  assert.deepEqual(await listRevisions(store), [1_000_000, 999_999, 1]);
});
