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

/** What could not be worked on, by whichever consumer: the message as it was, and headers that say why. */
export const deadLettersTopic = 'sluice.dead-letters.v1';

/** Longer than what it was about. */
const deadLettersKeptMs = 30 * dayMs;

export const deadLetters: NewTopic = {
  topic: deadLettersTopic,
  partitions: recordPartitions,
  config: { 'retention.ms': String(deadLettersKeptMs) },
};

/** Which spool a message was shipped from, and its place there: both as text. */
export const spoolHeader = 'sluice.spool';
export const sequenceHeader = 'sluice.sequence';
