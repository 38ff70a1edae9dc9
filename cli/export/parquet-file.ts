import { fileWriter, ParquetWriter } from 'hyparquet-writer';
import type { Column } from './column-set.ts';
import type { Row } from './flatten-prediction.ts';
import { type ParquetValue, parquetSchemaOf, parquetValue } from './parquet-schema.ts';

/** Rows of one group: what is in memory at once, and what readers read at once. */
const groupRows = 20_000;
/** A group ends earlier when its texts have so many characters. */
const groupCharacters = 8 * 1024 * 1024;

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
    schema: parquetSchemaOf(columns),
    createdBy: 'sluice',
  });
  let group = columns.map((): ParquetValue[] => []);
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
