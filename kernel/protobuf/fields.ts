import type { ByteWriter } from './byte-writer.ts';

/**
 * Fields of a message (protobuf.dev/programming-guides/encoding). Those that have proto3's default, or are not there, are
 * left away; what has another meaning when it is there (a oneof's, an element of a list) is for tagged(), messageField().
 */

/** How a value is written: a number in as many bytes as it takes, eight bytes, a length before it, or four bytes. */
export const wire = { varint: 0, double: 1, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** What stands before the value of a field. */
export const tagged = (out: ByteWriter, field: number, kind: 0 | 1 | 2 | 5): ByteWriter => {
  out.varint((field << 3) | kind);
  return out;
};

export const textField = (out: ByteWriter, field: number, text: string | undefined): void => {
  if (text) tagged(out, field, wire.bytes).text(text);
};

export const textFields = (out: ByteWriter, field: number, texts: readonly string[] | undefined): void => {
  if (texts === undefined) return;
  for (const text of texts) tagged(out, field, wire.bytes).text(text);
};

/** @param value of 32 bits, or a truth */
export const varintField = (out: ByteWriter, field: number, value: number | boolean | undefined): void => {
  if (value) tagged(out, field, wire.varint).varint(Number(value));
};

export const packedVarints = (
  out: ByteWriter,
  field: number,
  values: readonly number[] | undefined,
): void => {
  if (values === undefined || values.length === 0) return;
  const start = tagged(out, field, wire.bytes).open();
  for (const value of values) out.varint(value);
  out.close(start);
};

const doubleBytes = 8;

/** @param values texts among them are of JSON, as of a single one */
export const packedDoubles = (
  out: ByteWriter,
  field: number,
  values: readonly (number | string)[] | undefined,
): void => {
  if (values === undefined || values.length === 0) return;
  tagged(out, field, wire.bytes).varint(values.length * doubleBytes);
  for (const value of values) out.double(Number(value));
};

export const packedFlags = (out: ByteWriter, field: number, values: readonly boolean[] | undefined): void => {
  if (values === undefined || values.length === 0) return;
  tagged(out, field, wire.bytes).varint(values.length);
  for (const value of values) out.varint(value ? 1 : 0);
};

/** @param value JSON has texts for numbers that it cannot say: `NaN` */
export const doubleField = (out: ByteWriter, field: number, value: number | string | undefined): void => {
  const number = Number(value ?? 0);
  if (!Object.is(number, 0)) tagged(out, field, wire.double).double(number);
};

/** @param value a text is base64 */
export const bytesField = (out: ByteWriter, field: number, value: Uint8Array | string | undefined): void => {
  if (value === undefined || value.length === 0) return;
  tagged(out, field, wire.bytes).bytes(typeof value === 'string' ? Buffer.from(value, 'base64') : value);
};

export type WriteMessage<Message> = (out: ByteWriter, message: Message) => void;

/** One that is there is written, however little it says. */
export const messageField = <Message>(
  out: ByteWriter,
  field: number,
  message: Message | null | undefined,
  write: WriteMessage<Message>,
): void => {
  if (message === undefined || message === null) return;
  const start = tagged(out, field, wire.bytes).open();
  write(out, message);
  out.close(start);
};

export const messageFields = <Message>(
  out: ByteWriter,
  field: number,
  messages: readonly Message[] | undefined,
  write: WriteMessage<Message>,
): void => {
  if (messages === undefined) return;
  for (const message of messages) messageField(out, field, message, write);
};

/** A map whose keys are texts. */
export const mapField = <Value>(
  out: ByteWriter,
  field: number,
  map: Readonly<Record<string, Value>> | undefined,
  write: WriteMessage<Value>,
): void => {
  for (const key in map) {
    const value = map[key];
    if (value === undefined || !Object.hasOwn(map, key)) continue;
    const start = tagged(out, field, wire.bytes).open();
    tagged(out, 1, wire.bytes).text(key);
    write(out, value);
    out.close(start);
  }
};
