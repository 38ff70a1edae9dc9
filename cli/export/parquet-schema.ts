import type { ParquetWriter } from 'hyparquet-writer';
import type { Column, ColumnKind } from './column-set.ts';
import type { Cell } from './flatten-prediction.ts';

type Element = ConstructorParameters<typeof ParquetWriter>[0]['schema'][number];
export type ParquetValue = string | number | bigint | boolean | Date | null;

const types: Readonly<Record<ColumnKind, Omit<Element, 'name'>>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  number: { type: 'DOUBLE' },
  integer: { type: 'INT64' },
  boolean: { type: 'BOOLEAN' },
  time: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  },
};

/** Numbers as DOUBLE or INT64, texts as UTF8, times as timestamps in UTC; each column may be null. */
export const parquetSchemaOf = (columns: readonly Column[]): Element[] => [
  { name: 'predictions', num_children: columns.length },
  ...columns.map(({ name, kind }): Element => ({ name, repetition_type: 'OPTIONAL', ...types[kind] })),
];

const timeOf = (cell: Exclude<Cell, null>): Date | null => {
  const ms = Date.parse(String(cell));
  return Number.isNaN(ms) ? null : new Date(ms);
};

/** A cell as its column has it. */
export const parquetValue = (cell: Cell | bigint, kind: ColumnKind): ParquetValue => {
  if (cell === null) return null;
  if (kind === 'text') return typeof cell === 'string' ? cell : String(cell);
  if (kind === 'integer') return BigInt(cell);
  if (kind === 'time') return timeOf(typeof cell === 'bigint' ? String(cell) : cell);
  return typeof cell === 'bigint' ? Number(cell) : cell;
};
