import { columnText } from './postgresql/column-text.ts';
import type { DatabaseOptions } from './postgresql/connect.ts';
import { type Database, openDatabase } from './postgresql/database.ts';
import { listPredictions } from './postgresql/list-predictions.ts';
import { queries } from './postgresql/queries.ts';
import { readFeedback } from './postgresql/read-feedback.ts';
import { timeText } from './postgresql/time-text.ts';
import type { PredictionReader, StoredPrediction } from './prediction-reader.ts';
import { predictionTimeMs } from './prediction-time.ts';
import type { RecordCodecs } from './record-codec.ts';
import type { Watermark } from './watermark.ts';

export interface PredictionReaderOptions extends DatabaseOptions {
  readonly codecs: RecordCodecs;
}

const readRecord = async (database: Database, id: string, timeMs: number): Promise<Buffer | undefined> => {
  const query = queries
    .selectFrom('predictions')
    .select('record')
    .where('time', '=', timeText(timeMs))
    .where('id', '=', id);
  const [row] = await database.transact((transaction) => transaction.run(query.compile()));
  return row?.record;
};

const readWatermarks = async (database: Database, spool: string): Promise<Watermark[]> => {
  const query = queries
    .selectFrom('watermarks')
    .select(['topic', 'partition', 'sequence'])
    .where('spool', '=', columnText(spool))
    .orderBy('topic')
    .orderBy('partition');
  const rows = await database.transact((transaction) => transaction.run(query.compile()));
  return rows.map((row) => ({ ...row, sequence: Number(row.sequence) }));
};

/**
 * Reads PostgreSQL, or PGlite behind its socket. Opening does not wait for it.
 * @throws SluiceError INVALID_INPUT for a URL that is none of PostgreSQL's
 */
export const openPredictionReader = ({ codecs, ...options }: PredictionReaderOptions): PredictionReader => {
  const database = openDatabase(options);
  const feedback = async (predictionId: string): Promise<StoredPrediction['feedback']> => {
    if (predictionTimeMs(predictionId) === undefined) return [];
    const id = predictionId.toLowerCase();
    const found = await readFeedback(database, [id]);
    return (found.get(id) ?? []).map(codecs.feedback.decode);
  };
  return {
    get: async (predictionId) => {
      const timeMs = predictionTimeMs(predictionId);
      if (timeMs === undefined) return undefined;
      const record = await readRecord(database, predictionId, timeMs);
      if (record === undefined) return undefined;
      return { record: codecs.record.decode(record), feedback: await feedback(predictionId) };
    },
    list: async (query) => {
      const { rows, nextPageToken } = await listPredictions(database, query);
      const messages = await readFeedback(
        database,
        rows.map(({ id }) => id),
      );
      const predictions = rows.map(({ id, record }) => ({
        record: codecs.record.decode(record),
        feedback: (messages.get(id) ?? []).map(codecs.feedback.decode),
      }));
      return { predictions, nextPageToken };
    },
    feedback,
    watermarks: (spool) => readWatermarks(database, spool),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
};
