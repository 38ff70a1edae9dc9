import type { ScoreEntry } from '@sluice/protos/gen/sluice/gateway/v1/ScoreEntry';
import type { ByteWriter } from '../protobuf/byte-writer.ts';
import { messageField, textField, varintField } from '../protobuf/fields.ts';
import { writeStruct } from '../protobuf/write-struct.ts';
import { writeRow } from './wire-rows.ts';

/** sluice.gateway.v1.ScoreEntry, written by hand. */
export const writeScoreEntry = (out: ByteWriter, entry: ScoreEntry): void => {
  varintField(out, 1, entry.id);
  varintField(out, 2, entry.binding);
  messageField(out, 3, entry.features, writeRow);
  varintField(out, 4, entry.remainingUs);
  textField(out, 5, entry.predictionId);
  textField(out, 6, entry.entityId);
  textField(out, 7, entry.requestId);
  textField(out, 8, entry.traceparent);
  textField(out, 9, entry.tracestate);
  messageField(out, 10, entry.parameters, writeStruct);
  varintField(out, 11, entry.isLast);
};
