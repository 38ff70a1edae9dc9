import type { Struct__Output } from '@sluice/protos/gen/google/protobuf/Struct';
import type { Row, Row__Output } from '@sluice/protos/gen/sluice/gateway/v1/Row';
import type { ByteReader } from '../protobuf/byte-reader.ts';
import type { ByteWriter } from '../protobuf/byte-writer.ts';
import { messageField, packedDoubles, packedFlags, textFields, varintField } from '../protobuf/fields.ts';
import { writeStruct } from '../protobuf/write-struct.ts';

/** sluice.gateway.v1.Row, written and read by hand. */

export const writeRow = (out: ByteWriter, { layout, numbers, texts, flags, others }: Row): void => {
  varintField(out, 1, layout);
  packedDoubles(out, 2, numbers);
  textFields(out, 3, texts);
  packedFlags(out, 4, flags);
  messageField(out, 5, others, writeStruct);
};

/** As protobufjs reads it. */
export type DecodeStruct = (struct: Buffer) => Struct__Output;

export const readRow = (from: ByteReader, decodeStruct: DecodeStruct): Row__Output => {
  const numbers: number[] = [];
  const texts: string[] = [];
  const flags: boolean[] = [];
  let layout = 0;
  let others: Struct__Output | null = null;
  for (const end = from.open(); from.isBefore(end); ) {
    const field = from.tag();
    if (field === 1) layout = from.varint();
    else if (field === 2) from.doubles(numbers);
    else if (field === 3) texts.push(from.text());
    else if (field === 4) from.flags(flags);
    else if (field === 5) others = decodeStruct(from.bytes());
    else from.skip();
  }
  return { layout, numbers, texts, flags, others };
};
