import { FieldReader } from './field-reader.ts';
import { type KnownTexts, knownTexts } from './known-texts.ts';

/** What a gateway answered about a row. */
export type Answer =
  | {
      readonly kind: 'prediction';
      readonly row: number;
      readonly predictionId: string;
      readonly version: string;
      readonly outputs: Readonly<Record<string, unknown>>;
    }
  | {
      readonly kind: 'refusal';
      readonly row: number;
      readonly predictionId: string;
      readonly version: string;
      readonly code: string;
      readonly message: string;
    }
  | {
      readonly kind: 'error';
      readonly row: number;
      readonly code: string;
      readonly message: string;
      readonly retryAfterMs: number;
    };

/** Numbers of fields in protos/sluice/v1. */
const result = { response: 1, error: 2 } as const;
const response = { predictionId: 1, release: 2, prediction: 3, refusal: 4, requestId: 7 } as const;
const error = { requestId: 1, code: 2, message: 3, retryAfterMs: 5 } as const;
const kinds = { number: 2, text: 3, boolean: 4, struct: 5, list: 6 } as const;
/** Of ASCII. */
const zero = 0x30;
const [nameOfEntry, versionOfRelease] = [1, 2];
const refusal = { code: 1, message: 2 } as const;

/** The number behind the name of the run; NaN: there is none. */
const rowIn = ({ bytes, start, end }: FieldReader, runBytes: number): number => {
  let row = 0;
  for (let at = start + runBytes; at < end; at += 1) {
    const digit = (bytes[at] ?? 0) - zero;
    if (digit < 0 || digit > 9) return Number.NaN;
    row = row * 10 + digit;
  }
  return row;
};

const plainValue = (message: FieldReader, known: KnownTexts): unknown => {
  let value: unknown = null;
  while (message.next()) {
    const { number } = message;
    if (number === kinds.number) value = message.value;
    else if (number === kinds.text) value = message.text();
    else if (number === kinds.boolean) value = message.value !== 0;
    else if (number === kinds.struct) value = structOf(message.inner(), known);
    else if (number === kinds.list) value = listOf(message.inner(), known);
  }
  return value;
};

const listOf = (message: FieldReader, known: KnownTexts): unknown[] => {
  const values: unknown[] = [];
  while (message.next()) values.push(plainValue(message.inner(), known));
  return values;
};

const structOf = (message: FieldReader, known: KnownTexts): Record<string, unknown> => {
  const fields: Record<string, unknown> = {};
  while (message.next()) {
    const entry = message.inner();
    let name = '';
    let value: unknown = null;
    while (entry.next())
      if (entry.number === nameOfEntry) name = known(entry);
      else value = plainValue(entry.inner(), known);
    // An assignment to this name would set something else.
    if (name === '__proto__') Object.defineProperty(fields, name, { value, enumerable: true });
    else fields[name] = value;
  }
  return fields;
};

const refusalOf = (message: FieldReader): { readonly code: string; readonly message: string } => {
  const told = { code: '', message: '' };
  while (message.next())
    if (message.number === refusal.code) told.code = message.text();
    else if (message.number === refusal.message) told.message = message.text();
  return told;
};

const errorOf = (message: FieldReader, runBytes: number): Answer => {
  const told = { row: Number.NaN, code: '', message: '', retryAfterMs: 0 };
  while (message.next()) {
    const { number } = message;
    if (number === error.requestId) told.row = rowIn(message, runBytes);
    else if (number === error.code) told.code = message.text();
    else if (number === error.message) told.message = message.text();
    else if (number === error.retryAfterMs) told.retryAfterMs = message.value;
  }
  return { kind: 'error', ...told };
};

const versionIn = (message: FieldReader, known: KnownTexts): string => {
  let version = '';
  while (message.next()) if (message.number === versionOfRelease) version = known(message);
  return version;
};

const responseOf = (message: FieldReader, runBytes: number, known: KnownTexts): Answer => {
  let row = Number.NaN;
  let predictionId = '';
  let version = '';
  let outputs: Record<string, unknown> = {};
  let refused: ReturnType<typeof refusalOf> | undefined;
  while (message.next()) {
    const { number } = message;
    if (number === response.requestId) row = rowIn(message, runBytes);
    else if (number === response.predictionId) predictionId = message.text();
    else if (number === response.release) version = versionIn(message.inner(), known);
    else if (number === response.refusal) refused = refusalOf(message.inner());
    else if (number === response.prediction) {
      const prediction = message.inner();
      while (prediction.next()) outputs = structOf(prediction.inner(), known);
    }
  }
  return refused === undefined
    ? { kind: 'prediction', row, predictionId, version, outputs }
    : { kind: 'refusal', row, predictionId, version, ...refused };
};

export type DecodeAnswer = (bytes: Buffer, start: number, end: number) => Answer;

/**
 * Decodes PredictStreamResponses, of which only what is written to the output is looked at. What they return throws where
 * the bytes are none.
 * @param run in front of the row's number in a request id, ASCII
 */
export const answerDecoder = (run: string): DecodeAnswer => {
  const known = knownTexts();
  return (bytes, start, end) => {
    const message = new FieldReader(bytes, start, end);
    let answer: Answer | undefined;
    while (message.next())
      if (message.number === result.response) answer = responseOf(message.inner(), run.length, known);
      else if (message.number === result.error) answer = errorOf(message.inner(), run.length);
    if (answer === undefined) throw new Error('an answer is empty');
    return answer;
  };
};
