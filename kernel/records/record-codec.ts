import type { Feedback, Feedback__Output } from '@sluice/protos/gen/sluice/v1/Feedback';
import type { Record__Output, Record as RecordMessage } from '@sluice/protos/gen/sluice/v1/Record';
import type { RecordedInput, RecordedInput__Output } from '@sluice/protos/gen/sluice/v1/RecordedInput';
import { loaderOptions } from '@sluice/protos/loader-options';
import { loadTypes } from '../protobuf/load-types.ts';

/** Messages to bytes and back; `decode` throws an Error for bytes that are none of its messages. */
export interface Codec<Message, Output> {
  encode(message: Message): Buffer;
  decode(bytes: Uint8Array): Output;
}

export interface RecordCodecs {
  readonly record: Codec<RecordMessage, Record__Output>;
  /** A part of a record on its own: of what its digest is made. */
  readonly input: Codec<RecordedInput, RecordedInput__Output>;
  readonly feedback: Codec<Feedback, Feedback__Output>;
}

/** The values of the topics of records, as protobuf. Call it once, in compose. */
export const loadRecordCodecs = (): RecordCodecs => {
  const types = loadTypes(['sluice/v1/record.proto', 'sluice/v1/feedback.proto']);
  const codec = <Message extends object, Output>(name: string): Codec<Message, Output> => {
    const type = types(name);
    return {
      // In Node protobufjs writes into Buffers. It takes plain objects as they are; fromObject, which would copy them
      // first, is for enumerated values, and the only one here is null's, whose name is written as its number, 0.
      encode: (message) => type.encode(message).finish() as Buffer,
      decode: (bytes) => type.toObject(type.decode(bytes), loaderOptions) as Output,
    };
  };
  return {
    record: codec('sluice.v1.Record'),
    input: codec('sluice.v1.RecordedInput'),
    feedback: codec('sluice.v1.Feedback'),
  };
};
