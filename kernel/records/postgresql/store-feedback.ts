import type { RecordCodecs } from '../record-codec.ts';
import type { FeedbackCounts, ReceivedFeedback } from '../record-store.ts';
import { type Column, encodeRows, namesOf, tableOf } from './column-table.ts';
import type { Database } from './database.ts';
import { aboutColumns, contentColumns, type FeedbackRow, feedbackRow } from './feedback-row.ts';
import { whileFeedbackIsStored } from './join-lock.ts';
import { moveWatermarks } from './move-watermarks.ts';

const columns: readonly Column<FeedbackRow>[] = [...aboutColumns, ...contentColumns];

/**
 * `limit 1` keeps PostgreSQL from reading all predictions to find some: it looks up one after the other, each in the
 * partitions that its time leaves.
 */
const store = `
insert into feedback (id, prediction_id, entity_id, entity_time, model, ${namesOf(contentColumns)},
  state, prediction_time, kept_with)
select given.id, coalesce(found.id, given.prediction_id), given.entity_id, given.entity_time, given.model,
  ${contentColumns.map(({ name }) => `given.${name}`).join(', ')},
  case when found.id is null then 'waiting' else 'joined' end, found.time, found.kept_with
from ${tableOf(columns, 'given')}
left join lateral (
  (select id, time, kept_with from predictions
  where given.prediction_id is not null and id = given.prediction_id and time = given.prediction_time limit 1)
  union all
  (select id, time, kept_with from predictions
  where given.entity_id is not null and entity_id = given.entity_id and time <= given.entity_time
    and outcome = 'prediction' and not synthetic and (given.model is null or kept_with = given.model)
  order by time desc, id desc limit 1)
) found on true
on conflict do nothing
returning state`;

/** The first of each id, in an order that is the same for everybody. */
const firstOfEach = (rows: readonly FeedbackRow[]): FeedbackRow[] => {
  const found = new Map<string, FeedbackRow>();
  for (const row of rows) if (!found.has(row.id)) found.set(row.id, row);
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
};

export const storeFeedback = async (
  database: Database,
  codecs: RecordCodecs,
  batch: readonly ReceivedFeedback[],
): Promise<FeedbackCounts> => {
  const rows = firstOfEach(batch.map((received) => feedbackRow(received, codecs)));
  if (rows.length === 0) return { joined: 0, waiting: 0, repeated: 0 };
  return await database.transact(async (transaction) => {
    await transaction.execute(whileFeedbackIsStored);
    const stored = await transaction.select<{ state: string }>(store, encodeRows(columns, rows));
    await moveWatermarks(
      transaction,
      batch.map(({ place }) => place),
    );
    const joined = stored.filter(({ state }) => state === 'joined').length;
    return { joined, waiting: stored.length - joined, repeated: batch.length - stored.length };
  });
};
