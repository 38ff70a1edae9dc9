import { type ByteSink, byteSink, varintBytes } from './byte-sink.ts';

/**
 * google.protobuf.Value and the entries of google.protobuf.Struct.fields, written straight into bytes: of a row of thirty
 * features a reflecting encoder takes longer than all the rest together.
 */

const valueTags = { null: 0x08, number: 0x11, text: 0x1a, boolean: 0x20, struct: 0x2a, list: 0x32 } as const;
/** Of Struct: `fields`; of its entry: `key` and `value`; of ListValue: `values`. */
const fieldsTag = 0x0a;
const keyTag = 0x0a;
const valueTag = 0x12;
const valuesTag = 0x0a;

/** A name that comes with every row. */
export interface FieldName {
  /** The entry's key with its tag. */
  readonly key: Buffer;
  /** All of an entry that comes before the eight bytes of a number. */
  readonly number: Buffer;
}

const numberBytes = 9;

export const fieldName = (name: string): FieldName => {
  const sink = byteSink();
  sink.text(keyTag, name);
  const key = sink.copy();
  sink.clear();
  sink.varint(fieldsTag);
  sink.varint(key.length + 2 + numberBytes);
  sink.bytes(key);
  sink.bytes(Buffer.of(valueTag, numberBytes, valueTags.number));
  return { key, number: sink.copy() };
};

const nested = (tag: number, inner: Buffer): Buffer => {
  const sink = byteSink();
  sink.varint(tag);
  sink.varint(inner.length);
  sink.bytes(inner);
  return sink.copy();
};

const listOf = (values: readonly unknown[]): Buffer =>
  nested(valueTags.list, Buffer.concat(values.map((value) => nested(valuesTag, valueBytes(value)))));

const structOf = (fields: object): Buffer => {
  const sink = byteSink();
  for (const [name, value] of Object.entries(fields)) putField(sink, fieldName(name), value);
  return nested(valueTags.struct, sink.copy());
};

/** A value as google.protobuf.Value; whole numbers beyond 2^53 lose digits, as every number of JSON does. */
const valueBytes = (value: unknown): Buffer => {
  if (Array.isArray(value)) return listOf(value);
  if (typeof value === 'object' && value !== null) return structOf(value);
  const sink = byteSink();
  if (typeof value === 'number' || typeof value === 'bigint') {
    sink.varint(valueTags.number);
    sink.double(Number(value));
  } else if (typeof value === 'string') sink.text(valueTags.text, value);
  else if (typeof value === 'boolean') sink.bytes(Buffer.of(valueTags.boolean, value ? 1 : 0));
  else sink.bytes(Buffer.of(valueTags.null, 0));
  return sink.copy();
};

const putEntry = (sink: ByteSink, key: Buffer, entryBytes: number): void => {
  sink.varint(fieldsTag);
  sink.varint(key.length + 1 + varintBytes(entryBytes) + entryBytes);
  sink.bytes(key);
  sink.varint(valueTag);
  sink.varint(entryBytes);
};

const putText = (sink: ByteSink, key: Buffer, text: string): void => {
  const length = Buffer.byteLength(text);
  putEntry(sink, key, 1 + varintBytes(length) + length);
  sink.text(valueTags.text, text);
};

/** Appends an entry of Struct.fields. */
export const putField = (sink: ByteSink, { key, number }: FieldName, value: unknown): void => {
  if (typeof value === 'number') {
    sink.bytes(number);
    sink.double(value);
  } else if (typeof value === 'string') putText(sink, key, value);
  else {
    const bytes = valueBytes(value);
    putEntry(sink, key, bytes.length);
    sink.bytes(bytes);
  }
};
