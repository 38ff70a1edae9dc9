import assert from 'node:assert/strict';
import { test } from 'node:test';
import { migrateRecords } from '../../migrate-records.ts';
import type { DatabaseKind } from '../database-kind.ts';
import { listedIds, opened } from '../opened.ts';
import { dayMs, feedback, idAt, idsOf, many, noonMs } from '../records.ts';

const rounds = 5;

export const concurrencyCases = (kind: DatabaseKind): void => {
  test('several that store the same batches at once store each record once', async (t) => {
    const { again, reader } = await opened(kind, t);
    const batches = Array.from({ length: rounds }, (_, round) =>
      many(60, (index) => ({
        predictionId: idAt(noonMs + (index % 3) * dayMs + round),
        model: `m${index % 2}`,
      })),
    );
    const stores = [again(), again(), again()];
    const counts = await Promise.all(
      stores.flatMap((store, number) =>
        batches.map((batch) => store.storePredictions(number === 1 ? batch.toReversed() : batch)),
      ),
    );
    assert.equal(
      counts.reduce((sum, count) => sum + count),
      60 * rounds,
    );
    assert.deepEqual((await listedIds(reader)).toSorted(), batches.flatMap(idsOf).toSorted());
  });

  test('a prediction and its feedback that are stored at the same moment are joined', async (t) => {
    const { store, again, reader } = await opened(kind, t);
    const other = again();
    for (let round = 0; round < rounds; round += 1) {
      const batch = many(20);
      await Promise.all([
        store.storePredictions(batch),
        other.storeFeedback(idsOf(batch).map((predictionId) => feedback({ predictionId }))),
      ]);
    }
    assert.equal((await listedIds(reader, { hasFeedback: true })).length, 20 * rounds);
    assert.deepEqual(await store.expireFeedback(noonMs + dayMs), []);
  });

  test('many may bring the schema up to date at once', async (t) => {
    const url = await kind.empty(t);
    const versions = await Promise.all(Array.from({ length: 4 }, () => migrateRecords({ url })));
    assert.equal(new Set(versions).size, 1);
  });

  test('retention beside a recorder loses no record of the days that stay', async (t) => {
    const { store, again, reader } = await opened(kind, t);
    const other = again();
    const kept: string[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const [old, young] = [many(5, () => ({ predictionId: idAt(noonMs - 3 * dayMs) })), many(5)];
      kept.push(...idsOf(young));
      await Promise.all([
        store.storePredictions([...old, ...young]),
        other.dropBefore('churn', noonMs - dayMs),
      ]);
    }
    await other.dropBefore('churn', noonMs - dayMs);
    assert.deepEqual((await listedIds(reader)).toSorted(), kept.toSorted());
  });
};
