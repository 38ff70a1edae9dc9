import { invalidInput } from '../../errors/sluice-error.ts';
import { predictionTimeMs } from '../prediction-time.ts';
import type { ReceivedRecord } from '../record-store.ts';
import { bool, bytea, float8, int8, jsonb, text, timestamptz, uuid } from './binary-array.ts';
import { type Column, column } from './column-table.ts';
import { columnText, optionalText } from './column-text.ts';
import { structColumn } from './json-column.ts';

/** A record on its way into the table. */
export interface PredictionRow extends ReceivedRecord {
  readonly id: string;
  readonly timeMs: number;
  readonly keptWith: string;
}

/** @throws SluiceError INVALID_INPUT for a record whose id is no UUIDv7 */
export const predictionRow = (received: ReceivedRecord): PredictionRow => {
  const { predictionId, release } = received.record;
  const timeMs = predictionTimeMs(predictionId);
  if (timeMs === undefined)
    throw invalidInput([
      { path: 'prediction_id', rule: 'format', message: `expected a UUIDv7, got '${predictionId}'` },
    ]);
  // Callers may ask for models that there are not, under any name: those share one place.
  const keptWith = release ? columnText(release.name) : '';
  return { ...received, id: predictionId.toLowerCase(), timeMs, keptWith };
};

/** In the order of the key: two who insert the same rows cannot each wait for the other. */
export const byKey = (a: PredictionRow, b: PredictionRow): number => {
  if (a.keptWith !== b.keptWith) return a.keptWith < b.keptWith ? -1 : 1;
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
};

const outcomeOf = ({ record }: PredictionRow): string => {
  const kind = record.outcome?.kind;
  return kind === 'refusal' || kind === 'failure' ? kind : kind === undefined ? 'failure' : 'prediction';
};

type Columns = readonly Column<PredictionRow>[];

const keyColumns: Columns = [
  column('kept_with', text, (row) => row.keptWith),
  column('time', timestamptz, (row) => row.timeMs),
  column('id', uuid, (row) => row.id),
];

const releaseColumns: Columns = [
  column('model', text, ({ record }) => columnText(record.model)),
  column('version', text, ({ record }) => optionalText(record.release?.version ?? record.version)),
  column('digest', text, ({ record }) => optionalText(record.release?.digest ?? '')),
  column('revision', int8, ({ record }) => record.revision),
  column('arm', text, ({ record }) => optionalText(record.arm)),
];

const requestColumns: Columns = [
  column('door', text, ({ record }) => columnText(record.door)),
  column('environment', text, ({ record }) => columnText(record.environment)),
  column('entity_id', text, ({ record }) => optionalText(record.entityId)),
  column('request_id', text, ({ record }) => optionalText(record.requestId)),
  column('synthetic', bool, ({ record }) => record.synthetic),
  column('trace_id', text, ({ record }) => optionalText(record.traceId)),
  column('client', text, ({ record }) => optionalText(record.client)),
];

const answerColumns: Columns = [
  column('outcome', text, outcomeOf),
  column('code', text, ({ record }) => columnText(record.code)),
  column('total_ms', float8, ({ record }) => record.timings?.totalMs),
  column('record', bytea, ({ bytes }) => bytes),
];

/** What every record has: with nothing else in a row, PostgreSQL has nothing to refuse. */
export const plainColumns: Columns = [...keyColumns, ...releaseColumns, ...requestColumns, ...answerColumns];

/** With what is there for analysis. */
export const allColumns: Columns = [
  ...plainColumns,
  column('features', jsonb, ({ record }) => structColumn(record.input?.features)),
  column('outputs', jsonb, ({ record }) => structColumn(record.outcome?.prediction?.outputs)),
];
