import { text, timestamptz, uuid } from './binary-array.ts';
import { type Column, column, encodeRows, tableOf } from './column-table.ts';
import { columnText } from './column-text.ts';
import type { Transaction } from './database.ts';
import type { PredictionRow } from './prediction-row.ts';

const columns: readonly Column<PredictionRow>[] = [
  column('id', uuid, ({ id }) => id),
  column('time', timestamptz, ({ timeMs }) => timeMs),
  column('kept_with', text, ({ keptWith }) => keptWith),
];

const joinById = `
update feedback set state = 'joined', prediction_time = stored.time, kept_with = stored.kept_with
from ${tableOf(columns, 'stored')}
where feedback.state = 'waiting' and feedback.prediction_id = stored.id`;

const entityColumns: readonly Column<PredictionRow>[] = [
  ...columns,
  column('entity_id', text, ({ record }) => columnText(record.entityId)),
];

/** Of several the latest, as it would have been found had it been there before the feedback. */
const joinByEntity = `
update feedback set state = 'joined', prediction_id = latest.id, prediction_time = latest.time,
  kept_with = latest.kept_with
from (
  select distinct on (waiting.id) waiting.id as feedback_id, stored.id, stored.time, stored.kept_with
  from ${tableOf(entityColumns, 'stored')}
  join feedback waiting on waiting.entity_id = stored.entity_id
  where waiting.state = 'waiting' and waiting.prediction_id is null
    and stored.time <= waiting.entity_time and (waiting.model is null or waiting.model = stored.kept_with)
  order by waiting.id, stored.time desc, stored.id desc
) latest
where feedback.id = latest.feedback_id`;

/** What feedback that names no prediction may be about. */
const hasEntity = ({ record }: PredictionRow): boolean => {
  const kind = record.outcome?.kind;
  return record.entityId !== '' && !record.synthetic && (kind === 'prediction' || kind === 'tensors');
};

const waitingKinds = `
select exists (select from feedback where state = 'waiting' and prediction_id is not null) as by_id,
  exists (select from feedback where state = 'waiting' and prediction_id is null) as by_entity`;

/** Joins the feedback that waits for these predictions. */
export const joinWaiting = async (
  transaction: Transaction,
  rows: readonly PredictionRow[],
): Promise<void> => {
  const [waiting] = await transaction.select<{ by_id: boolean; by_entity: boolean }>(waitingKinds);
  if (waiting?.by_id) await transaction.write(joinById, encodeRows(columns, rows));
  const entities = waiting?.by_entity ? rows.filter(hasEntity) : [];
  if (entities.length > 0) await transaction.write(joinByEntity, encodeRows(entityColumns, entities));
};
