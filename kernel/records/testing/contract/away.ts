import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../../../event-log/testing/eventually.ts';
import { openPredictionReader } from '../../open-prediction-reader.ts';
import { openRecordStore } from '../../open-record-store.ts';
import type { DatabaseKind } from '../database-kind.ts';
import { listedIds, opened } from '../opened.ts';
import { codecs, idsOf, many } from '../records.ts';

const unavailable = {
  code: 'DATABASE_UNAVAILABLE',
  message: /^the database of records at postgres:\/\/127\.0\.0\.1:\d+\//,
};

export const awayCases = (kind: DatabaseKind): void => {
  test('while the database is away each call says so, and each works when it is back', async (t) => {
    const { url, store, reader } = await opened(kind, t);
    const batch = many(10);
    await store.storePredictions(batch);
    await kind.server().kill();
    await using late = openRecordStore({ url, codecs });
    await using lateReader = openPredictionReader({ url, codecs });
    for (const { storePredictions, models } of [store, late]) {
      await assert.rejects(storePredictions(many(1)), unavailable);
      await assert.rejects(models(), unavailable);
    }
    for (const { get, list, watermarks } of [reader, lateReader]) {
      await assert.rejects(get(idsOf(batch)[0] ?? ''), unavailable);
      await assert.rejects(list({ pageSize: 1, ascending: true }), unavailable);
      await assert.rejects(watermarks('s'), unavailable);
    }
    await kind.server().restart();
    assert.equal(await late.storePredictions(batch), 0);
    assert.equal(await store.storePredictions(many(1)), 1);
    assert.equal((await listedIds(reader)).length, 11);
    assert.equal((await listedIds(lateReader)).length, 11);
  });

  test('what was killed in the middle of a transaction is there whole or not at all', async (t) => {
    const { store, reader } = await opened(kind, t);
    const batches = Array.from({ length: 12 }, (_, number) => {
      const place = { spool: 's', topic: 'sluice.predictions.v1', partition: number, sequence: number };
      return many(300).map((one) => ({ ...one, place }));
    });
    let first = false;
    const settled = batches.map(async (batch) => {
      const stored = await store.storePredictions(batch).then(
        () => true,
        () => false,
      );
      first = true;
      return stored;
    });
    await eventually('a first batch', () => first, 60_000);
    await kind.server().kill();
    const acknowledged = await Promise.all(settled);
    await kind.server().restart();
    const marked = new Set((await reader.watermarks('s')).map(({ partition }) => partition));
    const listed = new Set(await listedIds(reader));
    for (const [number, batch] of batches.entries()) {
      const there = idsOf(batch).filter((id) => listed.has(id)).length;
      assert.equal(there, marked.has(number) ? batch.length : 0);
      if (acknowledged[number]) assert.equal(there, batch.length);
    }
    for (const batch of batches) await store.storePredictions(batch);
    assert.deepEqual((await listedIds(reader)).toSorted(), batches.flatMap(idsOf).toSorted());
  });
};
