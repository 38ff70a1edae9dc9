/** A JSON Schema (2020-12). */
export type JsonSchema = Readonly<Record<string, unknown>>;

export const dialect = 'https://json-schema.org/draft/2020-12/schema';

export const nulPattern = '\\u0000';

/** What a BYTES tensor cannot carry: ONNX Runtime's strings end at a NUL. */
export const textWithNul: JsonSchema = { type: 'string', pattern: nulPattern };
