import { eachField } from './byte-reader.ts';

/** What a gateway answered about a row. */
export type Answer =
  | {
      readonly kind: 'prediction';
      readonly requestId: string;
      readonly predictionId: string;
      readonly version: string;
      readonly outputs: Readonly<Record<string, unknown>>;
    }
  | {
      readonly kind: 'refusal';
      readonly requestId: string;
      readonly predictionId: string;
      readonly version: string;
      readonly code: string;
      readonly message: string;
    }
  | {
      readonly kind: 'error';
      readonly requestId: string;
      readonly code: string;
      readonly message: string;
      readonly retryAfterMs: number;
    };

/** Numbers of fields in protos/sluice/v1. */
const result = { response: 1, error: 2 } as const;
const response = { predictionId: 1, release: 2, prediction: 3, refusal: 4, requestId: 7 } as const;
const error = { requestId: 1, code: 2, message: 3, retryAfterMs: 5 } as const;
const kinds = { number: 2, text: 3, boolean: 4, struct: 5, list: 6 } as const;
const versionField = 2;

/** The fields of text of a message by their numbers, in the order that is asked for. */
const texts = (message: Buffer, ...numbers: readonly number[]): string[] => {
  const found = numbers.map(() => '');
  eachField(message, (number, bytes) => {
    const place = numbers.indexOf(number);
    if (place !== -1) found[place] = bytes.toString();
  });
  return found;
};

const plainValue = (message: Buffer): unknown => {
  let value: unknown = null;
  eachField(message, (number, bytes, scalar) => {
    if (number === kinds.number) value = scalar;
    else if (number === kinds.text) value = bytes.toString();
    else if (number === kinds.boolean) value = scalar !== 0;
    else if (number === kinds.struct) value = structOf(bytes);
    else if (number === kinds.list) value = listOf(bytes);
  });
  return value;
};

const listOf = (message: Buffer): unknown[] => {
  const values: unknown[] = [];
  eachField(message, (_, bytes) => values.push(plainValue(bytes)));
  return values;
};

const structOf = (message: Buffer): Record<string, unknown> => {
  const fields: [string, unknown][] = [];
  eachField(message, (_, entry) => {
    let [name, value]: [string, unknown] = ['', null];
    eachField(entry, (number, bytes) => {
      if (number === 1) name = bytes.toString();
      else value = plainValue(bytes);
    });
    fields.push([name, value]);
  });
  return Object.fromEntries(fields);
};

const errorOf = (message: Buffer): Answer => {
  const [requestId = '', code = '', text = ''] = texts(message, error.requestId, error.code, error.message);
  let retryAfterMs = 0;
  eachField(message, (number, _, value) => {
    if (number === error.retryAfterMs) retryAfterMs = value;
  });
  return { kind: 'error', requestId, code, message: text, retryAfterMs };
};

const responseOf = (message: Buffer): Answer => {
  let [requestId, predictionId, version] = ['', '', ''];
  let refused: Buffer | undefined;
  let outputs: Record<string, unknown> = {};
  eachField(message, (number, bytes) => {
    if (number === response.requestId) requestId = bytes.toString();
    else if (number === response.predictionId) predictionId = bytes.toString();
    else if (number === response.release) [version = ''] = texts(bytes, versionField);
    else if (number === response.refusal) refused = bytes;
    else if (number === response.prediction) eachField(bytes, (_, struct) => (outputs = structOf(struct)));
  });
  const common = { requestId, predictionId, version };
  if (refused === undefined) return { kind: 'prediction', ...common, outputs };
  const [code = '', text = ''] = texts(refused, 1, 2);
  return { kind: 'refusal', ...common, code, message: text };
};

/** A PredictStreamResponse. @throws Error where the bytes are none */
export const decodeAnswer = (message: Buffer): Answer => {
  let answer: Answer | undefined;
  eachField(message, (number, bytes) => {
    if (number === result.response) answer = responseOf(bytes);
    else if (number === result.error) answer = errorOf(bytes);
  });
  if (answer === undefined) throw new Error('an answer is empty');
  return answer;
};
