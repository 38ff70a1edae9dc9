import { open, writeFile } from 'node:fs/promises';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { Column } from '../../export/column-set.ts';
import { csvLine } from '../../export/csv-line.ts';
import type { ExportFormat } from '../../export/export-predictions.ts';
import { type ParquetValue, parquetSchemaOf, parquetValue } from '../../export/parquet-schema.ts';
import type { Value } from '../row.ts';

/** Rows of a part of the output, in memory until it is written. */
export interface PartBuffer {
  /** One value for each column. */
  readonly add: (values: readonly Value[]) => void;
  readonly rows: () => number;
  readonly characters: () => number;
  /** Its bytes; it is empty then. */
  readonly take: () => Uint8Array;
}

const textOf = (value: Value): Exclude<Value, bigint> => (typeof value === 'bigint' ? String(value) : value);

const textPart = (lineOf: (values: readonly Value[]) => string): PartBuffer => {
  let lines: string[] = [];
  let characters = 0;
  return {
    add: (values) => {
      const line = lineOf(values);
      lines.push(line, '\n');
      characters += line.length;
    },
    rows: () => lines.length / 2,
    characters: () => characters,
    take: () => {
      const bytes = Buffer.from(lines.join(''));
      [lines, characters] = [[], 0];
      return bytes;
    },
  };
};

/** A whole number that JSON readers would change is text. */
const jsonOf = (value: Value): string =>
  typeof value === 'bigint'
    ? Number.isSafeInteger(Number(value))
      ? String(value)
      : `"${value}"`
    : JSON.stringify(value);

const jsonlPart = (columns: readonly Column[]): PartBuffer => {
  const names = columns.map(({ name }, index) => `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`);
  return textPart((values) => {
    let line = '';
    for (let index = 0; index < names.length; index += 1)
      line += `${names[index]}${jsonOf(values[index] ?? null)}`;
    return `${line}}`;
  });
};

/** A part is a Parquet file of its own with one row group. */
const parquetPart = (columns: readonly Column[]): PartBuffer => {
  const empty = (): ParquetValue[][] => columns.map(() => []);
  const kinds = columns.map(({ kind }) => kind);
  let data = empty();
  let characters = 0;
  return {
    add: (values) => {
      for (let index = 0; index < kinds.length; index += 1) {
        const value = parquetValue(values[index] ?? null, kinds[index] ?? 'text');
        data[index]?.push(value);
        characters += typeof value === 'string' ? value.length : 8;
      }
    },
    rows: () => data[0]?.length ?? 0,
    characters: () => characters,
    take: () => {
      const writer = new ByteWriter();
      const parquet = new ParquetWriter({ writer, schema: parquetSchemaOf(columns), createdBy: 'sluice' });
      // Without page indexes the row group can be moved to another place.
      const columnData = columns.map(({ name }, index) => ({
        name,
        data: data[index] ?? [],
        offsetIndex: false,
      }));
      void parquet.write({ columnData, rowGroupSize: data[0]?.length ?? 1 });
      void parquet.finish();
      [data, characters] = [empty(), 0];
      return writer.getBytes();
    },
  };
};

const formats: Readonly<Record<ExportFormat, (columns: readonly Column[]) => PartBuffer>> = {
  csv: () => textPart((values) => csvLine(values.map(textOf))),
  jsonl: jsonlPart,
  parquet: parquetPart,
};

export const partBuffer = (format: ExportFormat, columns: readonly Column[]): PartBuffer =>
  formats[format](columns);

/** Writes a file whose bytes are on the disk when it resolves. */
export const writeSynced = async (path: string, bytes: Uint8Array): Promise<void> => {
  const file = await open(path, 'w');
  try {
    await writeFile(file, bytes);
    await file.datasync();
  } finally {
    await file.close();
  }
};
