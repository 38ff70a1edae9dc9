import { createHash } from 'node:crypto';
import { lastMs, predictionTimeMs } from '../prediction-time.ts';
import type { RecordCodecs } from '../record-codec.ts';
import type { ReceivedFeedback } from '../record-store.ts';
import { bytea, float8, jsonb, text, timestamptz, uuid } from './binary-array.ts';
import { type Column, column } from './column-table.ts';
import { columnText, optionalText, withoutNul } from './column-text.ts';
import { structColumn, valueColumn } from './json-column.ts';

/** Feedback on its way into the table. */
export interface FeedbackRow extends ReceivedFeedback {
  readonly id: string;
  readonly message: Buffer;
  readonly timeMs: number;
  readonly receivedMs: number;
  /** undefined: it names none, or none that there could be. */
  readonly predictionId: string | undefined;
  readonly predictionTimeMs: number | undefined;
  readonly entityId: string | undefined;
  readonly entityTimeMs: number;
}

const timeOf = (rfc3339: string): number | undefined => {
  const timeMs = Date.parse(rfc3339);
  return timeMs >= 0 && timeMs <= lastMs ? timeMs : undefined;
};

/** One without an id is the same as one with the same content. */
const idOf = (feedbackId: string, message: Buffer): string =>
  columnText(feedbackId) || `sha256:${createHash('sha256').update(message).digest('hex')}`;

export const feedbackRow = (received: ReceivedFeedback, codecs: RecordCodecs): FeedbackRow => {
  const { feedback } = received;
  const message = codecs.feedback.encode(feedback);
  const receivedMs = timeOf(feedback.received) ?? Date.now();
  const timeMs = timeOf(feedback.time) ?? receivedMs;
  const predictionTime = predictionTimeMs(feedback.predictionId);
  return {
    ...received,
    id: idOf(feedback.feedbackId, message),
    message,
    timeMs,
    receivedMs,
    predictionId: predictionTime === undefined ? undefined : feedback.predictionId.toLowerCase(),
    predictionTimeMs: predictionTime,
    entityId: feedback.predictionId === '' ? optionalText(feedback.entityId) : undefined,
    entityTimeMs: timeOf(feedback.entityTime) ?? timeMs,
  };
};

/** What decides what it is about. */
export const aboutColumns: readonly Column<FeedbackRow>[] = [
  column('id', text, ({ id }) => id),
  column('prediction_id', uuid, ({ predictionId }) => predictionId),
  column('prediction_time', timestamptz, (row) => row.predictionTimeMs),
  column('entity_id', text, ({ entityId }) => entityId),
  column('entity_time', timestamptz, ({ entityTimeMs }) => entityTimeMs),
  column('model', text, ({ feedback }) => optionalText(feedback.model)),
];

/** In the order of the table's. */
export const contentColumns: readonly Column<FeedbackRow>[] = [
  column('label', jsonb, ({ feedback }) => valueColumn(feedback.label)),
  column('reward', float8, ({ feedback }) => feedback.reward),
  column('correction', jsonb, ({ feedback }) => structColumn(feedback.correction)),
  column('comment', text, ({ feedback }) => withoutNul(feedback.comment) || undefined),
  column('author', text, ({ feedback }) => optionalText(feedback.author)),
  column('time', timestamptz, ({ timeMs }) => timeMs),
  column('received', timestamptz, ({ receivedMs }) => receivedMs),
  column('message', bytea, ({ message }) => message),
];
