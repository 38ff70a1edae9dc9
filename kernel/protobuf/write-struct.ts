import type { ListValue } from '@sluice/protos/gen/google/protobuf/ListValue';
import type { Struct } from '@sluice/protos/gen/google/protobuf/Struct';
import type { Value } from '@sluice/protos/gen/google/protobuf/Value';
import type { ByteWriter } from './byte-writer.ts';
import { mapField, messageField, messageFields, tagged, wire } from './fields.ts';

/** Of google/protobuf/struct.proto. */

export const writeStruct = (out: ByteWriter, { fields }: Struct): void =>
  mapField(out, 1, fields, writeEntryValue);

const writeEntryValue = (out: ByteWriter, value: Value): void => messageField(out, 2, value, writeValue);

const writeList = (out: ByteWriter, { values }: ListValue): void => messageFields(out, 1, values, writeValue);

/** One of a kind: it is written, whatever it is. */
export const writeValue = (out: ByteWriter, value: Value): void => {
  const { numberValue, stringValue, boolValue } = value;
  if (numberValue !== undefined) tagged(out, 2, wire.double).double(Number(numberValue));
  else if (stringValue !== undefined) tagged(out, 3, wire.bytes).text(stringValue);
  else if (boolValue !== undefined) tagged(out, 4, wire.varint).varint(Number(boolValue));
  else if (value.structValue) messageField(out, 5, value.structValue, writeStruct);
  else if (value.listValue) messageField(out, 6, value.listValue, writeList);
  else if (value.nullValue !== undefined) tagged(out, 1, wire.varint).varint(0);
};
