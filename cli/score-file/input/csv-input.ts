import { CommandFailure, usageFailure } from '../../command-failure.ts';
import { type CsvRecord, parseCsv } from '../../csv/parse-csv.ts';
import type { Fields, Input, InputColumn, InputRow } from './input.ts';
import { textFile } from './text-chunks.ts';

/** A fault of the quotes leaves no row behind it that could be trusted. */
async function* recordsOf(path: string, chunks: AsyncIterable<string>): ReturnType<typeof parseCsv> {
  try {
    yield* parseCsv(chunks);
  } catch (error) {
    if (error instanceof CommandFailure) throw usageFailure(`${path}: ${error.message}`);
    throw error;
  }
}

const rowOf = ({ line, fields }: CsvRecord, columns: number): InputRow => {
  if (fields.length === columns) return { fields: fields as unknown as Fields };
  const error = `line ${line}: ${fields.length} fields, where the first line has ${columns} names`;
  return { fields: undefined, error };
};

async function* rowsOf(
  path: string,
  chunks: AsyncIterable<string>,
  columns: number,
  skip: number,
): AsyncGenerator<InputRow[]> {
  /** The names are a record too. */
  let left = skip + 1;
  for await (const records of recordsOf(path, chunks)) {
    const behind = records.slice(left);
    left -= records.length - behind.length;
    if (behind.length > 0) yield behind.map((record) => rowOf(record, columns));
  }
}

const columnsOf = async (path: string, chunks: AsyncIterable<string>): Promise<InputColumn[]> => {
  for await (const [names] of recordsOf(path, chunks)) {
    const { fields = [] } = names ?? {};
    const twice = fields.find((name, index) => fields.indexOf(name) !== index);
    if (twice !== undefined) throw usageFailure(`${path}: two columns have the name '${twice}'`);
    return fields.map((name, key) => ({ name, key, kind: 'text' }));
  }
  return [];
};

/**
 * Opens a file whose first line has the names of the columns. Rows with another number of fields are rows with an error.
 * @throws CommandFailure USAGE
 */
export const openCsv = async (path: string, totalBytes: number): Promise<Input> => {
  const columns = await columnsOf(path, textFile(path, totalBytes).chunks);
  let part = (): number => 0;
  return {
    columns,
    part: () => part(),
    rows: (skip) => {
      const file = textFile(path, totalBytes);
      part = file.part;
      return rowsOf(path, file.chunks, columns.length, skip);
    },
  };
};
