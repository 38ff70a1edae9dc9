import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SluiceError } from '../../errors/sluice-error.ts';
import { temporaryStore } from '../../testing/temporary-store.ts';
import { listRevisions } from '../revisions.ts';
import { applyDraft } from './apply-draft.ts';

const by = { who: 'ada', why: 'because' };
const manifest = (version: string, ...features: readonly string[]): string =>
  JSON.stringify({
    apiVersion: 'sluice/v1',
    model: 'churn',
    version,
    features: features.map((name, column) => ({ name, type: 'number', tensor: 'x', column })),
  });
const stream = { name: 'events', from: 'activity', to: 'scores', model: 'churn' };
const mapping = { features: { tenure: '/customer/tenure' } };

test('a mapping is held against the release that the selector means in the draft itself', async (t) => {
  const { store, put } = await temporaryStore(t);
  await put('churn/1.0.0/sluice.yaml', manifest('1.0.0', 'tenure'));
  await put('churn/2.0.0/sluice.yaml', manifest('2.0.0', 'months'));
  await put('broken/1/sluice.yaml', 'no: manifest');
  const draft = (version: string) => ({
    models: { churn: { aliases: { champion: version } } },
    streams: [
      { ...stream, ...mapping, version: 'champion' },
      { ...stream, name: 'other', to: 'elsewhere', model: 'broken' },
    ],
  });
  await assert.rejects(applyDraft(store, draft('2.0.0'), by), (error) => {
    assert.ok(error instanceof SluiceError);
    assert.equal(error.code, 'INVALID_INPUT');
    assert.deepEqual(
      error.violations.map(({ path, message }) => [path, message]),
      [['streams.0.features.tenure', 'churn 2.0.0 has no such feature; it has months']],
    );
    return true;
  });
  assert.deepEqual(await listRevisions(store), []);
  const applied = await applyDraft(store, draft('1.0.0'), by);
  assert.deepEqual([applied.revision, applied.streams[0]?.features], [1, mapping.features]);
});

test('a draft without streams reads nothing of the store but its revisions', async (t) => {
  const { store } = await temporaryStore(t);
  const looking = { ...store, look: () => assert.fail('nothing is to be looked for') };
  assert.equal((await applyDraft(looking, { models: {} }, by)).revision, 1);
});
