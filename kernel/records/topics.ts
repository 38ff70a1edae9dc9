import type { NewTopic } from '../event-log/event-log.ts';

/** The topics of records, and what the headers of their messages are called. */

export const predictionsTopic = 'sluice.predictions.v1';
export const feedbackTopic = 'sluice.feedback.v1';

export type RecordTopic = typeof predictionsTopic | typeof feedbackTopic;

/** As many of one as of the other: what has the same key lies in partitions of the same number. */
export const recordPartitions = 4;

const dayMs = 86_400_000;
const kept = { 'retention.ms': String(7 * dayMs) };

export const recordTopics: readonly NewTopic[] = [predictionsTopic, feedbackTopic].map((topic) => ({
  topic,
  partitions: recordPartitions,
  config: kept,
}));

/** Which spool a message was shipped from, and its place there: both as text. */
export const spoolHeader = 'sluice.spool';
export const sequenceHeader = 'sluice.sequence';
