import type { FeedbackFromJson } from '@sluice/kernel/records/feedback-json';
import type { ReceivedFeedback } from '@sluice/kernel/records/record-store';
import { feedbackTopic } from '@sluice/kernel/records/topics';
import { consumeRecords } from '../consume-records.ts';
import type { StartConsumer } from '../keep-running.ts';
import { type Life, type LifeOptions, openLife } from '../open-life.ts';
import { repeat } from '../repeat.ts';
import type { FeedbackMetrics } from '../telemetry/record-metrics.ts';
import type { RecordWork } from '../work-batch.ts';
import { decodeFeedback } from './decode-feedback.ts';
import { expireFeedback } from './expire-feedback.ts';

export const feedbackGroup = 'sluice.feedback';

export interface FeedbackOptions extends LifeOptions {
  readonly fromJson: FeedbackFromJson;
  readonly feedback: FeedbackMetrics;
  /** How long feedback may wait for its prediction, and how often it is looked whether some has waited too long. */
  readonly waitMs: number;
  readonly sweepMs: number;
}

const feedbackWork = (
  { codecs, fromJson, feedback }: FeedbackOptions,
  { store }: Life,
): RecordWork<ReceivedFeedback> => ({
  decode: decodeFeedback({ codec: codecs.feedback, fromJson }),
  store: async (batch) => feedback.stored(await store.storeFeedback(batch)),
  attributesOf: ({ feedback: { feedbackId, predictionId } }) => ({
    'sluice.feedback_id': feedbackId,
    ...(predictionId === '' ? {} : { 'sluice.prediction_id': predictionId }),
  }),
});

/** `sluice.feedback.v1` → the database, joined with the predictions that it is about. */
export const startFeedback =
  (options: FeedbackOptions): StartConsumer =>
  async (stack) => {
    const life = await openLife({ ...options, group: feedbackGroup, topic: feedbackTopic }, stack);
    const { codecs, feedback, waitMs, sweepMs, log } = options;
    const { store, ports } = life;
    const expiry = { store, codec: codecs.feedback, deadLetters: ports.deadLetters, log, waitMs };
    stack.use(
      repeat((signal) => expireFeedback({ ...expiry, onExpired: feedback.expired }, signal), {
        intervalMs: sweepMs,
        onError: (err) => log.warn({ err }, 'waiting feedback is not looked at for now'),
      }),
    );
    return life.consume(consumeRecords(feedbackWork(options, life), ports));
  };
