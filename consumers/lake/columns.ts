import {
  BIGINT,
  BLOB,
  BOOLEAN,
  DOUBLE,
  DuckDBBlobValue,
  DuckDBTimestampValue,
  type DuckDBType,
  type DuckDBValue,
  INTEGER,
  TIMESTAMP,
  UINTEGER,
  VARCHAR,
} from '@duckdb/node-api';
import type { LakeRow } from './lake-row.ts';
import { featuresJson, outcomeOf, outputsJson } from './payload.ts';

/** A column of every file, and what stands in it. */
export interface Column {
  readonly name: string;
  readonly type: DuckDBType;
  readonly of: (row: LakeRow) => DuckDBValue;
}

/** What a record does not have is an empty text there, and NULL here. */
const orNull = (text: string | undefined): string | null => (text === undefined || text === '' ? null : text);

/** In their order in the files. A new one goes to the end: readers of many files then fill it with NULL. */
export const columns: readonly Column[] = [
  { name: 'prediction_id', type: VARCHAR, of: ({ record }) => record.predictionId },
  {
    name: 'time',
    type: TIMESTAMP,
    of: ({ timeMs }) => new DuckDBTimestampValue(BigInt(timeMs) * 1_000n),
  },
  { name: 'model', type: VARCHAR, of: ({ record }) => record.model },
  { name: 'version', type: VARCHAR, of: ({ record }) => orNull(record.release?.version) },
  { name: 'digest', type: VARCHAR, of: ({ record }) => orNull(record.release?.digest) },
  { name: 'asked_version', type: VARCHAR, of: ({ record }) => orNull(record.version) },
  { name: 'revision', type: UINTEGER, of: ({ record }) => record.revision },
  { name: 'arm', type: VARCHAR, of: ({ record }) => orNull(record.arm) },
  { name: 'door', type: VARCHAR, of: ({ record }) => record.door },
  { name: 'environment', type: VARCHAR, of: ({ record }) => record.environment },
  { name: 'gateway', type: VARCHAR, of: ({ record }) => record.gateway },
  { name: 'outcome', type: VARCHAR, of: ({ record }) => outcomeOf(record.outcome) },
  { name: 'code', type: VARCHAR, of: ({ record }) => record.code },
  { name: 'entity_id', type: VARCHAR, of: ({ record }) => orNull(record.entityId) },
  { name: 'request_id', type: VARCHAR, of: ({ record }) => orNull(record.requestId) },
  { name: 'synthetic', type: BOOLEAN, of: ({ record }) => record.synthetic },
  { name: 'trace_id', type: VARCHAR, of: ({ record }) => orNull(record.traceId) },
  { name: 'client', type: VARCHAR, of: ({ record }) => orNull(record.client) },
  { name: 'queue_ms', type: DOUBLE, of: ({ record }) => record.timings?.queueMs ?? null },
  { name: 'compute_ms', type: DOUBLE, of: ({ record }) => record.timings?.computeMs ?? null },
  { name: 'total_ms', type: DOUBLE, of: ({ record }) => record.timings?.totalMs ?? null },
  { name: 'features', type: VARCHAR, of: ({ record }) => featuresJson(record.input) },
  { name: 'outputs', type: VARCHAR, of: ({ record }) => outputsJson(record.outcome) },
  { name: 'record', type: BLOB, of: ({ bytes }) => new DuckDBBlobValue(bytes) },
  { name: 'partition', type: INTEGER, of: ({ message }) => message.partition },
  { name: 'offset', type: BIGINT, of: ({ message }) => message.offset },
];
