import type { ReceivedRecord } from '../record-store.ts';
import { type Column, encodeRows, namesOf, tableOf } from './column-table.ts';
import type { Database } from './database.ts';
import { whilePredictionsAreStored } from './join-lock.ts';
import { joinWaiting } from './join-waiting.ts';
import { moveWatermarks } from './move-watermarks.ts';
import type { Partitions } from './partitions.ts';
import { allColumns, byKey, type PredictionRow, plainColumns, predictionRow } from './prediction-row.ts';
import { isBadData, isNoPartition } from './unavailable.ts';

/** Of the records in one statement: what it needs in memory, here and at the server, is some times that. */
const maxBytes = 4_194_304;
const maxAttempts = 5;

type Columns = readonly Column<PredictionRow>[];

const insertInto = (columns: Columns): string => `
insert into predictions (${namesOf(columns)}) select * from ${tableOf(columns, 'stored')} on conflict do nothing`;

/** Runs of rows of a bounded size in bytes; a row that is larger is alone. */
const portions = (rows: readonly PredictionRow[]): PredictionRow[][] => {
  const found: PredictionRow[][] = [];
  let room = 0;
  for (const row of rows) {
    room -= row.bytes.length;
    const last = found.at(-1);
    if (last && room >= 0) last.push(row);
    else {
      found.push([row]);
      room = maxBytes - row.bytes.length;
    }
  }
  return found;
};

const storeRows = (database: Database, rows: readonly PredictionRow[], columns: Columns): Promise<number> =>
  database.transact(
    async (transaction) => {
      await transaction.execute(whilePredictionsAreStored);
      let stored = 0;
      for (const portion of portions(rows))
        stored += await transaction.write(insertInto(columns), encodeRows(columns, portion));
      await joinWaiting(transaction, rows);
      await moveWatermarks(
        transaction,
        rows.map(({ place }) => place),
      );
      return stored;
    },
    (error) => isNoPartition(error) || isBadData(error),
  );

/** @throws SluiceError DATABASE_UNAVAILABLE; INVALID_INPUT for a record whose id is no UUIDv7 */
export const storePredictions = async (
  database: Database,
  partitions: Partitions,
  batch: readonly ReceivedRecord[],
): Promise<number> => {
  const rows = batch.map(predictionRow).sort(byKey);
  if (rows.length === 0) return 0;
  let columns = allColumns;
  for (let attempts = 1; ; attempts += 1) {
    try {
      await partitions.make(rows);
      return await storeRows(database, rows, columns);
    } catch (error) {
      if (attempts === maxAttempts || !(isNoPartition(error) || isBadData(error)))
        throw database.unavailable(error);
      // The retention was quicker; or a value that PostgreSQL refuses, which must not hold up all that follow.
      if (isNoPartition(error)) partitions.forget();
      else columns = plainColumns;
    }
  }
};
