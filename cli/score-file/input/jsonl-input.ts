import type { Input, InputColumn, InputRow } from './input.ts';
import { textFile } from './text-chunks.ts';
import { textLines } from './text-lines.ts';

/** Rows whose names are the columns of the file. */
const lookedAtRows = 1_000;

const failed = (line: number, why: string): InputRow => ({
  fields: undefined,
  error: `line ${line}: ${why}`,
});

const parseRow = (text: string, line: number): InputRow => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return failed(line, error instanceof Error ? error.message : String(error));
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    return failed(line, 'expected a JSON object');
  return { fields: parsed as Record<string, unknown> };
};

const isEmpty = (text: string): boolean => text.trim() === '';

async function* rowsOf(chunks: AsyncIterable<string>, skip: number): AsyncGenerator<InputRow[]> {
  let line = 0;
  let left = skip;
  for await (const lines of textLines(chunks)) {
    const rows: InputRow[] = [];
    for (const text of lines) {
      line += 1;
      if (isEmpty(text)) continue;
      if (left > 0) left -= 1;
      else rows.push(parseRow(text, line));
    }
    if (rows.length > 0) yield rows;
  }
}

const columnsOf = async (chunks: AsyncIterable<string>): Promise<InputColumn[]> => {
  const names = new Set<string>();
  let rows = 0;
  for await (const batch of rowsOf(chunks, 0)) {
    for (const { fields = {} } of batch.slice(0, lookedAtRows - rows))
      for (const name of Object.keys(fields)) names.add(name);
    rows += batch.length;
    if (rows >= lookedAtRows) break;
  }
  return [...names].map((name) => ({ name, key: name, kind: 'json' }));
};

/** Opens a file with a JSON object a line. Lines that are none are rows with an error. */
export const openJsonl = async (path: string, totalBytes: number): Promise<Input> => {
  let part = (): number => 0;
  return {
    columns: await columnsOf(textFile(path, totalBytes).chunks),
    part: () => part(),
    rows: (skip) => {
      const file = textFile(path, totalBytes);
      part = file.part;
      return rowsOf(file.chunks, skip);
    },
  };
};
