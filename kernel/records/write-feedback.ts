import type { Feedback } from '@sluice/protos/gen/sluice/v1/Feedback';
import type { ByteWriter } from '../protobuf/byte-writer.ts';
import { messageField, tagged, textField, wire } from '../protobuf/fields.ts';
import { writeStruct, writeValue } from '../protobuf/write-struct.ts';

/** Writes sluice.v1.Feedback, as write-record.ts does records. */
export const writeFeedback = (out: ByteWriter, feedback: Feedback): void => {
  textField(out, 1, feedback.feedbackId);
  textField(out, 2, feedback.predictionId);
  textField(out, 3, feedback.entityId);
  textField(out, 4, feedback.entityTime);
  textField(out, 5, feedback.model);
  messageField(out, 6, feedback.label, writeValue);
  // A reward of 0 is no missing one.
  if (feedback.reward !== undefined) tagged(out, 7, wire.double).double(Number(feedback.reward));
  messageField(out, 8, feedback.correction, writeStruct);
  textField(out, 9, feedback.comment);
  textField(out, 10, feedback.author);
  textField(out, 11, feedback.time);
  textField(out, 12, feedback.received);
};
