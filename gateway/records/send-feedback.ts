import { fromUnknown } from '@sluice/kernel/errors/from-unknown';
import { invalidInput, SluiceError } from '@sluice/kernel/errors/sluice-error';
import { checkFeedback, checkLabel, isJudging } from '@sluice/kernel/records/check-feedback';
import type { PredictionReader } from '@sluice/kernel/records/prediction-reader';
import type { RecordCodecs } from '@sluice/kernel/records/record-codec';
import { feedbackTopic } from '@sluice/kernel/records/topics';
import type { ModelSettings } from '@sluice/kernel/revision/revision';
import type { Spool, SpoolEntry } from '@sluice/kernel/spool/spool';
import type { CallScope } from '@sluice/kernel/telemetry/call-scope';
import type { Feedback__Output } from '@sluice/protos/gen/sluice/v1/Feedback';
import type { Record__Output } from '@sluice/protos/gen/sluice/v1/Record';
import { newPredictionId } from '../predict/prediction-id.ts';
import type { RecordMetrics } from '../telemetry/record-metrics.ts';
import { extraMs } from './get-prediction.ts';
import type { FindOwn } from './own-records.ts';
import type { Predictions } from './predictions.ts';
import { within } from './within.ts';

/** As much as an input may have: it has to fit into the event log. */
const maxBytes = 768 * 1024;

export interface SendFeedbackOptions {
  readonly spool: Pick<Spool, 'append'>;
  readonly codecs: RecordCodecs;
  readonly findOwn: FindOwn;
  readonly reader: Pick<PredictionReader, 'get'>;
  readonly settingsOf: (model: string) => ModelSettings;
  readonly metrics: Pick<RecordMetrics, 'feedback'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The record that it is about, as far as that can be seen now: feedback may come before it. */
const recordOf = async (
  { findOwn, reader }: SendFeedbackOptions,
  { predictionId }: Feedback__Output,
  scope: CallScope,
): Promise<Record__Output | undefined> => {
  if (predictionId === '') return undefined;
  const own = await findOwn(predictionId);
  if (own !== undefined) return own;
  const stored = await within(reader.get(predictionId), extraMs, scope).catch(() => undefined);
  return stored?.record;
};

/** @throws SluiceError INVALID_INPUT */
const checkAgainst = (feedback: Feedback__Output, record: Record__Output | undefined): void => {
  if (record === undefined) return;
  const { outcome, predictionId, model } = record;
  const kind = outcome?.refusal ? 'refusal' : outcome?.failure ? 'failure' : undefined;
  if (kind !== undefined && isJudging(feedback)) {
    const message = `expected a comment alone: ${predictionId} is a ${kind} (${record.code}), which predicted nothing`;
    throw invalidInput([{ path: 'prediction_id', rule: 'outcome', message }]);
  }
  if (feedback.model !== '' && feedback.model !== model) {
    const message = `expected '${model}', which answered ${predictionId}, got '${feedback.model}'`;
    throw invalidInput([{ path: 'model', rule: 'const', message }]);
  }
};

const entryOf = (feedback: Feedback__Output, value: Buffer, timestampMs: number): SpoolEntry => ({
  topic: feedbackTopic,
  id: feedback.feedbackId,
  key: feedback.predictionId || feedback.entityId,
  value,
  headers: feedback.model === '' ? [] : [['ce_subject', Buffer.from(feedback.model)]],
  timestampMs,
});

const take = async (
  options: SendFeedbackOptions,
  given: Feedback__Output | null,
  scope: CallScope,
): Promise<string> => {
  if (given === null) throw new SluiceError('MALFORMED_REQUEST', 'feedback is missing');
  const now = options.now();
  const faults = checkFeedback(given, now);
  if (faults.length > 0) throw invalidInput(faults);
  const received = {
    ...given,
    feedbackId: given.feedbackId.toLowerCase() || newPredictionId(now),
    predictionId: given.predictionId.toLowerCase(),
    received: new Date(now).toISOString(),
  };
  const record = await recordOf(options, received, scope);
  checkAgainst(received, record);
  const settings = options.settingsOf(received.model || record?.model || '');
  const misfits = checkLabel(received, settings.feedback?.label ?? 'any');
  if (misfits.length > 0) throw invalidInput(misfits);
  const value = options.codecs.feedback.encode(received);
  if (value.length > maxBytes)
    throw new SluiceError(
      'MESSAGE_TOO_LARGE',
      `the feedback has ${value.length} bytes; expected at most ${maxBytes}`,
    );
  await options.spool.append(entryOf(received, value, now), settings.record?.fsync ?? false);
  return received.feedbackId;
};

/** Takes feedback, checked as far as its prediction is known, and keeps it in the spool. */
export const sendFeedback = (options: SendFeedbackOptions): Predictions['sendFeedback'] => {
  return async (feedback, scope) => {
    try {
      const feedbackId = await take(options, feedback, scope);
      options.metrics.feedback('OK');
      return { feedbackId };
    } catch (thrown) {
      const error = fromUnknown(thrown);
      options.metrics.feedback(error.code);
      throw error;
    }
  };
};
