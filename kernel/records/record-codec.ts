import type { Feedback, Feedback__Output } from '@sluice/protos/gen/sluice/v1/Feedback';
import type { Record__Output } from '@sluice/protos/gen/sluice/v1/Record';
import type { RecordedInput__Output } from '@sluice/protos/gen/sluice/v1/RecordedInput';
import { loaderOptions } from '@sluice/protos/loader-options';
import { ByteWriter } from '../protobuf/byte-writer.ts';
import type { WriteMessage } from '../protobuf/fields.ts';
import { loadTypes } from '../protobuf/load-types.ts';
import { writeFeedback } from './write-feedback.ts';
import { type InputToWrite, type RecordToWrite, writeInput, writeRecord } from './write-record.ts';

/** Messages to bytes and back; `decode` throws an Error for bytes that are none of its messages. */
export interface Codec<Message, Output> {
  /** @param before other fields of the same message, encoded already */
  encode(message: Message, before?: Uint8Array): Buffer;
  /** The same in memory that the codec uses again for the next message: for who copies it at once. */
  lend(message: Message, before?: Uint8Array): Buffer;
  decode(bytes: Uint8Array): Output;
}

export interface RecordCodecs {
  readonly record: Codec<RecordToWrite, Record__Output>;
  /** A part of a record on its own: of what its digest is made. */
  readonly input: Codec<InputToWrite, RecordedInput__Output>;
  readonly feedback: Codec<Feedback, Feedback__Output>;
}

/** The values of the topics of records, as protobuf. Call it once, in compose. */
export const loadRecordCodecs = (): RecordCodecs => {
  const types = loadTypes(['sluice/v1/record.proto', 'sluice/v1/feedback.proto']);
  const codec = <Message extends object, Output>(
    name: string,
    write: WriteMessage<Message>,
  ): Codec<Message, Output> => {
    const type = types(name);
    const out = new ByteWriter();
    const lend = (message: Message, before?: Uint8Array): Buffer => {
      out.reset();
      if (before !== undefined) out.raw(before);
      write(out, message);
      return out.written;
    };
    return {
      encode: (message, before) => Buffer.from(lend(message, before)),
      lend,
      decode: (bytes) => type.toObject(type.decode(bytes), loaderOptions) as Output,
    };
  };
  return {
    record: codec('sluice.v1.Record', writeRecord),
    input: codec('sluice.v1.RecordedInput', writeInput),
    feedback: codec('sluice.v1.Feedback', writeFeedback),
  };
};
