import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DatabaseKind } from '../database-kind.ts';
import { listedIds, opened } from '../opened.ts';
import { dayMs, feedback, idAt, idsOf, noonMs, received } from '../records.ts';

const days = (model: string) =>
  [3, 2, 1, 0].map((ago) => received({ predictionId: idAt(noonMs - ago * dayMs), model }));

export const retentionCases = (kind: DatabaseKind): void => {
  test('whole days of one model go, with their feedback, and nothing else', async (t) => {
    const { store, reader } = await opened(kind, t);
    const [churn, price] = [days('churn'), days('price')];
    await store.storePredictions([...churn, ...price]);
    assert.deepEqual(await store.models(), ['churn', 'price']);
    const [gone = '', , stays = ''] = idsOf(churn);
    await store.storeFeedback([gone, stays].map((predictionId) => feedback({ predictionId })));
    assert.deepEqual(await store.dropBefore('churn', noonMs - dayMs), ['2026-11-21', '2026-11-22']);
    assert.deepEqual(await store.dropBefore('churn', noonMs - dayMs), []);
    const left = [...idsOf(churn).slice(2), ...idsOf(price)];
    assert.deepEqual((await listedIds(reader)).toSorted(), left.toSorted());
    assert.equal((await reader.feedback(gone)).length, 0);
    assert.equal((await reader.feedback(stays)).length, 1);
  });

  test('a model without days is no model any more, and may come back', async (t) => {
    const { store, reader } = await opened(kind, t);
    const batch = days('churn');
    await store.storePredictions(batch);
    assert.equal((await store.dropBefore('churn', noonMs + dayMs)).length, 4);
    assert.deepEqual(await store.models(), []);
    assert.equal(await store.storePredictions(batch), 4);
    assert.equal((await listedIds(reader)).length, 4);
  });

  test('days that another process removed are made again', async (t) => {
    const { store, again } = await opened(kind, t);
    const batch = days('churn');
    await store.storePredictions(batch);
    await again().dropBefore('churn', noonMs + dayMs);
    assert.equal(await store.storePredictions(batch), 4);
  });

  test('requests that no release answered are kept together, whatever they asked for', async (t) => {
    const { store, reader } = await opened(kind, t);
    const asked = ['a', 'b', 'c'].map((model) => received({ model, release: null }));
    await store.storePredictions(asked);
    assert.deepEqual(await store.models(), ['']);
    assert.equal((await listedIds(reader, { model: 'b' })).length, 1);
    assert.deepEqual(await store.dropBefore('', noonMs + dayMs), ['2026-11-24']);
    assert.deepEqual(await listedIds(reader), []);
  });

  test('models of similar names have partitions of their own', async (t) => {
    const { store } = await opened(kind, t);
    const names = ['a-b', 'a_b', 'A-B', 'a b', `${'x'.repeat(60)}1`, `${'x'.repeat(60)}2`];
    await store.storePredictions(names.map((model) => received({ model })));
    assert.deepEqual((await store.models()).toSorted(), names.toSorted());
    await store.dropBefore('a_b', noonMs + dayMs);
    assert.equal((await store.models()).length, names.length - 1);
  });
};
