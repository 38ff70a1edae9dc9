import type { RecordHeader } from '@sluice/protos/gen/sluice/gateway/v1/RecordHeader';
import type { ReturnedRecord } from '@sluice/protos/gen/sluice/gateway/v1/ReturnedRecord';
import type { ScoreAnswer } from '@sluice/protos/gen/sluice/gateway/v1/ScoreAnswer';
import type { ScoreFailure } from '@sluice/protos/gen/sluice/gateway/v1/ScoreFailure';
import type { Refusal } from '@sluice/protos/gen/sluice/v1/Refusal';
import type { Timings } from '@sluice/protos/gen/sluice/v1/Timings';
import type { ByteWriter } from '../protobuf/byte-writer.ts';
import {
  bytesField,
  doubleField,
  messageField,
  messageFields,
  tagged,
  textField,
  textFields,
  varintField,
  type WriteMessage,
  wire,
} from '../protobuf/fields.ts';
import { writeRow } from './wire-rows.ts';

/** As protobufjs writes it: failures are rare. */
export type EncodeFailure = (failure: ScoreFailure) => Uint8Array;

const writeRefusal = (out: ByteWriter, { code, message }: Refusal): void => {
  textField(out, 1, code);
  textField(out, 2, message);
};

const writeTimings = (out: ByteWriter, { queueMs, computeMs, totalMs }: Timings): void => {
  doubleField(out, 1, queueMs);
  doubleField(out, 2, computeMs);
  doubleField(out, 3, totalMs);
};

const writeHeader = (out: ByteWriter, { name, value }: RecordHeader): void => {
  textField(out, 1, name);
  bytesField(out, 2, value);
};

const writeRecord = (out: ByteWriter, { key, value, headers }: ReturnedRecord): void => {
  bytesField(out, 1, key);
  bytesField(out, 2, value);
  messageFields(out, 3, headers, writeHeader);
};

/** Writes sluice.gateway.v1.ScoreAnswer by hand. */
export const scoreAnswerWriter = (encodeFailure: EncodeFailure): WriteMessage<ScoreAnswer> => {
  return (out, answer) => {
    varintField(out, 1, answer.id);
    messageField(out, 2, answer.outputs, writeRow);
    messageField(out, 3, answer.refusal, writeRefusal);
    if (answer.failure) tagged(out, 4, wire.bytes).bytes(encodeFailure(answer.failure));
    varintField(out, 5, answer.release);
    messageField(out, 6, answer.timings, writeTimings);
    textFields(out, 7, answer.warnings);
    textField(out, 8, answer.traceparent);
    messageField(out, 9, answer.record, writeRecord);
  };
};
