import { usageFailure } from '../command-failure.ts';

/** A record of a CSV file. */
export interface CsvRecord {
  /** Where it begins; the first line is 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

/** Longer fields are a forgotten quote. */
export const maxFieldCharacters = 4 * 1024 * 1024;

interface State {
  record: string[];
  field: string;
  /** before: nothing of the field is there yet; closed: behind its closing quote. */
  at: 'before' | 'plain' | 'quoted' | 'closed';
  line: number;
  begin: number;
}

/**
 * Records of CSV (RFC 4180) out of chunks of text, each with its line, as many at a time as a chunk has; empty lines are
 * passed over. Lines may end with CRLF or LF, and a byte order mark in front is no part of the first field.
 * @throws CommandFailure USAGE naming the line
 */
export async function* parseCsv(
  chunks: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<CsvRecord[]> {
  const state: State = { record: [], field: '', at: 'before', line: 1, begin: 1 };
  let isFirst = true;
  for await (const chunk of chunks) {
    const text = isFirst && chunk.startsWith('\uFEFF') ? chunk.slice(1) : chunk;
    if (chunk !== '') isFirst = false;
    const records = recordsIn(state, text);
    if (records.length > 0) yield records;
  }
  if (state.at === 'quoted') throw usageFailure(`line ${state.begin}: a quote is never closed`);
  const last = endRecord(state);
  if (last !== undefined) yield [last];
}

/** A whole line without quotes is taken apart at once; of others each character is looked at. */
const recordsIn = (state: State, text: string): CsvRecord[] => {
  const records: CsvRecord[] = [];
  let quote = text.indexOf('"');
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at);
    const isWhole = end !== -1 && state.at === 'before' && state.record.length === 0;
    let done: CsvRecord | undefined;
    if (isWhole && (quote === -1 || end < quote)) {
      done = plainRecord(state, text.slice(at, end));
      at = end + 1;
    } else {
      while (at < text.length && done === undefined) done = step(state, text.charAt(at++));
      quote = text.indexOf('"', at);
    }
    if (done !== undefined) records.push(done);
  }
  return records;
};

const plainRecord = (state: State, whole: string): CsvRecord | undefined => {
  const { line } = state;
  state.line += 1;
  state.begin = state.line;
  const text = whole.includes('\r') ? whole.replaceAll('\r', '') : whole;
  if (text === '') return undefined;
  const fields = text.split(',');
  for (const field of fields) checkLength(field, line);
  return { line, fields };
};

const checkLength = ({ length }: string, line: number): void => {
  if (length > maxFieldCharacters)
    throw usageFailure(`line ${line}: a field has more than ${maxFieldCharacters} characters`);
};

const step = (state: State, character: string): CsvRecord | undefined => {
  if (character === '\n') state.line += 1;
  if (state.at === 'quoted') {
    if (character === '"') state.at = 'closed';
    else add(state, character);
    return undefined;
  }
  if (character === ',') endField(state);
  else if (character === '\n') return endRecord(state);
  else if (character === '"') quote(state);
  else if (character !== '\r') plain(state, character);
  return undefined;
};

const add = (state: State, character: string): void => {
  state.field += character;
  checkLength(state.field, state.begin);
};

/** Opens a field, or is the second of two that stand for one. */
const quote = (state: State): void => {
  if (state.at === 'plain')
    throw usageFailure(`line ${state.line}: a quote inside of a field without quotes`);
  if (state.at === 'closed') add(state, '"');
  state.at = 'quoted';
};

const plain = (state: State, character: string): void => {
  if (state.at === 'closed') throw usageFailure(`line ${state.line}: text behind a closing quote`);
  state.at = 'plain';
  add(state, character);
};

const endField = (state: State): void => {
  state.record.push(state.field);
  [state.field, state.at] = ['', 'before'];
};

const endRecord = (state: State): CsvRecord | undefined => {
  const isEmpty = state.record.length === 0 && state.at === 'before';
  if (!isEmpty) endField(state);
  const done = isEmpty ? undefined : { line: state.begin, fields: state.record };
  [state.record, state.begin] = [[], state.line];
  return done;
};
