import { createReadStream } from 'node:fs';
import { extname } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { nearMiss } from '@sluice/kernel/schema/near-miss';
import { usageFailure } from '../command-failure.ts';
import { type CsvRecord, parseCsv } from '../csv/parse-csv.ts';
import { correctionPrefix, type FeedbackFields, feedbackColumns } from './feedback-row.ts';

/** A row, and the line of the file where it begins. */
export interface FileRow {
  readonly line: number;
  readonly fields: FeedbackFields | undefined;
  /** Why there are no fields. */
  readonly error?: string;
}

/** Rows of a file with the feedback of many predictions, read as they are asked for. */
export interface FeedbackFile {
  readonly rows: AsyncIterable<FileRow>;
  /** How much of the file has been read, from 0 to 1. */
  readonly part: () => number;
}

/** Other columns of `sluice predictions export`: a file of it may be filled in and sent back. */
const passedOver = /^(time|version|outcome|code|trace_id|input\..*|output\..*)$/;

/** @throws CommandFailure USAGE for a column that means nothing here: it was meant to */
const checkColumn = (name: string): void => {
  if (feedbackColumns.includes(name) || name.startsWith(correctionPrefix) || passedOver.test(name)) return;
  const meant = nearMiss(name, feedbackColumns);
  const hint = meant === undefined ? '' : ` (did you mean ${meant}?)`;
  const known = [...feedbackColumns, `${correctionPrefix}<output>`].join(', ');
  throw usageFailure(`the column '${name}' means nothing here${hint}; there may be ${known}`);
};

const rowOf = ({ line, fields }: CsvRecord, columns: readonly string[]): FileRow => {
  if (fields.length === columns.length)
    return { line, fields: Object.fromEntries(fields.map((field, index) => [columns[index] ?? '', field])) };
  const error = `${fields.length} fields, where the first line has ${columns.length} names`;
  return { line, fields: undefined, error };
};

async function* csvRows(chunks: AsyncIterable<string>): AsyncGenerator<FileRow> {
  let names: readonly string[] | undefined;
  for await (const records of parseCsv(chunks))
    for (const record of records) {
      if (names !== undefined) yield rowOf(record, names);
      else for (const name of record.fields) checkColumn(name);
      names ??= record.fields;
    }
}

const parseObject = (text: string): FeedbackFields | undefined => {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as FeedbackFields)
      : undefined;
  } catch {
    return undefined;
  }
};

async function* jsonRows(stream: Readable): AsyncGenerator<FileRow> {
  let line = 0;
  for await (const text of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1;
    if (text.trim() === '') continue;
    const fields = parseObject(text);
    if (fields === undefined) yield { line, fields, error: 'expected a JSON object' };
    else {
      for (const name of Object.keys(fields)) checkColumn(name);
      yield { line, fields };
    }
  }
}

/**
 * Opens a .csv or .jsonl file; its rows throw what a file that cannot be read throws.
 * @throws CommandFailure USAGE for another ending
 */
export const openFeedbackFile = (path: string, totalBytes: number): FeedbackFile => {
  const ending = extname(path).toLowerCase();
  if (ending !== '.csv' && ending !== '.jsonl')
    throw usageFailure(`--file: expected a file that ends with .csv or .jsonl, got '${path}'`);
  const stream = createReadStream(path, 'utf8');
  return {
    rows: ending === '.csv' ? csvRows(Readable.from(stream)) : jsonRows(stream),
    part: () => (totalBytes === 0 ? 1 : stream.bytesRead / totalBytes),
  };
};
