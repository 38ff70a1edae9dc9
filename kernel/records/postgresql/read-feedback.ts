import type { Database } from './database.ts';
import { queries } from './queries.ts';

/** The messages about each of some predictions, by id in lower case, the earliest first. */
export const readFeedback = async (
  database: Database,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly Buffer[]>> => {
  if (ids.length === 0) return new Map();
  const query = queries
    .selectFrom('feedback')
    .select(['prediction_id', 'message'])
    .where('prediction_id', 'in', ids)
    .orderBy('time')
    .orderBy('id');
  const rows = await database.transact((transaction) => transaction.run(query.compile()));
  const byPrediction = Map.groupBy(rows, ({ prediction_id }) => prediction_id ?? '');
  return new Map([...byPrediction].map(([id, of]) => [id, of.map(({ message }) => message)]));
};
