import { fileWriter, ParquetWriter } from 'hyparquet-writer';
import type { Column, ColumnKind } from './column-set.ts';
import type { Cell, Row } from './flatten-prediction.ts';

type Element = ConstructorParameters<typeof ParquetWriter>[0]['schema'][number];
type Value = string | number | boolean | Date | null;

/** Rows of one group: what is in memory at once, and what readers read at once. */
const groupRows = 20_000;
/** A group ends earlier when its texts have so many characters. */
const groupCharacters = 8 * 1024 * 1024;

const types: Readonly<Record<ColumnKind, Omit<Element, 'name'>>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  number: { type: 'DOUBLE' },
  boolean: { type: 'BOOLEAN' },
  time: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  },
};

const schemaOf = (columns: readonly Column[]): Element[] => [
  { name: 'predictions', num_children: columns.length },
  ...columns.map(({ name, kind }): Element => ({ name, repetition_type: 'OPTIONAL', ...types[kind] })),
];

const parquetValue = (cell: Cell, kind: ColumnKind): Value => {
  if (cell === null) return null;
  if (kind === 'text') return typeof cell === 'string' ? cell : JSON.stringify(cell);
  if (kind !== 'time') return cell;
  const ms = Date.parse(String(cell));
  return Number.isNaN(ms) ? null : new Date(ms);
};

/**
 * Writes rows as Parquet, a row group in memory at a time: numbers as DOUBLE, texts as UTF8, times as timestamps in
 * UTC; each column may be null.
 */
export const writeParquet = async (
  path: string,
  columns: readonly Column[],
  rows: AsyncIterable<Row>,
): Promise<void> => {
  const parquet = new ParquetWriter({
    writer: fileWriter(path),
    schema: schemaOf(columns),
    createdBy: 'sluice',
  });
  let group = columns.map((): Value[] => []);
  let characters = 0;
  const writeGroup = async (): Promise<void> => {
    const columnData = columns.map(({ name }, index) => ({ name, data: group[index] ?? [] }));
    await parquet.write({ columnData, rowGroupSize: groupRows });
    [group, characters] = [columns.map(() => []), 0];
  };
  for await (const row of rows) {
    for (const [index, { name, kind }] of columns.entries()) {
      const value = parquetValue(row.get(name) ?? null, kind);
      group[index]?.push(value);
      if (typeof value === 'string') characters += value.length;
    }
    if (group[0]?.length === groupRows || characters >= groupCharacters) await writeGroup();
  }
  if ((group[0]?.length ?? 0) > 0) await writeGroup();
  await parquet.finish();
};
