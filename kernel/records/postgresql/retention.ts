import { sql } from 'kysely';
import { columnText } from './column-text.ts';
import type { Database, Transaction } from './database.ts';
import { dayMs, dayOf, dayOfText, dayText } from './day.ts';
import { lockPartitions, partitionName } from './partitions.ts';
import { queries } from './queries.ts';
import { timeText } from './time-text.ts';

const daysBefore = async (database: Database, keptWith: string, day: number): Promise<readonly string[]> => {
  const query = queries
    .selectFrom('prediction_days')
    .select(sql<string>`to_char(day, 'YYYY-MM-DD')`.as('day'))
    .where('kept_with', '=', keptWith)
    .where('day', '<', dayText(day))
    .orderBy('day');
  const days = await database.transact((transaction) => transaction.run(query.compile()));
  return days.map((row) => row.day);
};

/** The day's predictions, and the feedback that was joined with them. */
const drop = async (transaction: Transaction, keptWith: string, day: number): Promise<void> => {
  await transaction.execute(lockPartitions);
  await transaction.execute(`drop table if exists ${partitionName(keptWith, day)}`);
  const remembered = queries
    .deleteFrom('prediction_days')
    .where('kept_with', '=', keptWith)
    .where('day', '=', dayText(day));
  await transaction.run(remembered.compile());
  const feedback = queries
    .deleteFrom('feedback')
    .where('state', '=', 'joined')
    .where('kept_with', '=', keptWith)
    .where('prediction_time', '>=', timeText(day * dayMs))
    .where('prediction_time', '<', timeText((day + 1) * dayMs));
  await transaction.run(feedback.compile());
};

/** A transaction for each day, so that none is long. */
export const dropBefore = async (
  database: Database,
  model: string,
  beforeMs: number,
): Promise<readonly string[]> => {
  const keptWith = columnText(model);
  const days = await daysBefore(database, keptWith, dayOf(Date.parse(timeText(beforeMs))));
  for (const day of days)
    await database.transact((transaction) => drop(transaction, keptWith, dayOfText(day)));
  return days;
};

export const storedModels = async (database: Database): Promise<readonly string[]> => {
  const query = queries.selectFrom('prediction_days').select('kept_with').distinct().orderBy('kept_with');
  const models = await database.transact((transaction) => transaction.run(query.compile()));
  return models.map((row) => row.kept_with);
};
