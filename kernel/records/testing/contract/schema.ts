import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { migrateRecords } from '../../migrate-records.ts';
import { openPredictionReader } from '../../open-prediction-reader.ts';
import { openRecordStore } from '../../open-record-store.ts';
import type { DatabaseKind } from '../database-kind.ts';
import { opened } from '../opened.ts';
import { codecs, many } from '../records.ts';

const execute = async (url: string, sql: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  await client.end();
};

export const schemaCases = (kind: DatabaseKind): void => {
  test('a database without tables says who makes them, and then it works', async (t) => {
    const url = await kind.empty(t);
    await using reader = openPredictionReader({ url, codecs });
    await using store = openRecordStore({ url, codecs });
    const refused = {
      code: 'DATABASE_UNAVAILABLE',
      message: /is older than this program: its schema is 0, .*the consumers bring it up to date/,
    };
    await assert.rejects(reader.watermarks('s'), refused);
    await assert.rejects(store.storePredictions(many(1)), refused);
    const version = await migrateRecords({ url });
    assert.equal(await migrateRecords({ url }), version);
    assert.equal(await store.storePredictions(many(1)), 1);
    assert.deepEqual(await reader.watermarks('s'), []);
  });

  test('a newer database says so, and what to do', async (t) => {
    const { url } = await opened(kind, t);
    await execute(url, `insert into sluice_migrations (number, name) values (9999, 'of the future')`);
    await using reader = openPredictionReader({ url, codecs });
    await using store = openRecordStore({ url, codecs });
    const refused = {
      code: 'DATABASE_UNAVAILABLE',
      message: /is newer than this program: its schema is 9999, .*start a version of Sluice that knows it/,
    };
    await assert.rejects(reader.watermarks('s'), refused);
    await assert.rejects(store.models(), refused);
    await assert.rejects(migrateRecords({ url }), refused);
  });
};
