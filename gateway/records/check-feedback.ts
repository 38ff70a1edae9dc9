import type { Violation } from '@sluice/kernel/errors/sluice-error';
import { fromStruct } from '@sluice/kernel/features/struct';
import { type FeatureValue, shown } from '@sluice/kernel/features/value';
import type { LabelKind } from '@sluice/kernel/revision/record-settings';
import type { Feedback__Output } from '@sluice/protos/gen/sluice/v1/Feedback';
import { isPredictionId, timeOfId } from './id-time.ts';
import { parseTime } from './parse-time.ts';

/** Clocks differ by so much. */
const aheadMs = 60_000;
const maxLengths = { entity_id: 1_024, model: 256, comment: 16_384, author: 256 } as const;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const fault = (path: string, rule: string, message: string): Violation => ({ path, rule, message });

/** The label as a plain value; undefined: there is none. */
export const labelOf = ({ label }: Feedback__Output): FeatureValue | undefined =>
  label === null ? undefined : fromStruct({ fields: { label } })['label'];

/** Whether it says how the prediction was, rather than something about it. */
export const isJudging = ({ label, reward, correction }: Feedback__Output): boolean =>
  label !== null || reward !== undefined || correction !== null;

const checkTime = (path: string, text: string, now: number): Violation[] => {
  if (text === '') return [];
  const at = parseTime(text);
  if (at === undefined)
    return [fault(path, 'format', `expected a time such as 2026-11-20T10:00:00Z, got ${shown(text)}`)];
  if (at <= now + aheadMs) return [];
  return [fault(path, 'range', `expected a time that is not in the future, got ${text}`)];
};

const checkIds = ({ predictionId, entityId, entityTime, feedbackId }: Feedback__Output): Violation[] => {
  const faults: Violation[] = [];
  if (predictionId === '' && entityId === '')
    faults.push(fault('prediction_id', 'required', 'expected a prediction_id or an entity_id, got neither'));
  if (predictionId !== '' && entityId !== '')
    faults.push(fault('entity_id', 'excluded', 'expected a prediction_id or an entity_id, got both'));
  if (predictionId !== '' && !isPredictionId(predictionId))
    faults.push(fault('prediction_id', 'format', `expected a UUIDv7, got ${shown(predictionId)}`));
  if (entityTime !== '' && entityId === '')
    faults.push(fault('entity_time', 'excluded', 'expected no entity_time without an entity_id'));
  if (feedbackId !== '' && !uuid.test(feedbackId))
    faults.push(fault('feedback_id', 'format', `expected a UUID or nothing, got ${shown(feedbackId)}`));
  return faults;
};

const checkPast = ({ predictionId }: Feedback__Output, now: number): Violation[] =>
  isPredictionId(predictionId) && timeOfId(predictionId) > now + aheadMs
    ? [fault('prediction_id', 'range', 'expected a prediction that was made, got one of the future')]
    : [];

const checkContent = (feedback: Feedback__Output): Violation[] => {
  const { reward, correction, comment } = feedback;
  const faults: Violation[] = [];
  if (!isJudging(feedback) && comment === '')
    faults.push(
      fault('label', 'required', 'expected a label, reward, correction or comment, got none of them'),
    );
  if (reward !== undefined && !Number.isFinite(reward))
    faults.push(fault('reward', 'type', `expected a number, got ${reward}`));
  if (correction !== null && Object.keys(correction.fields).length === 0)
    faults.push(fault('correction', 'required', 'expected at least one output, got none'));
  return faults;
};

const checkLengths = ({ entityId, model, comment, author }: Feedback__Output): Violation[] =>
  Object.entries({ entity_id: entityId, model, comment, author }).flatMap(([path, text]) => {
    const most = maxLengths[path as keyof typeof maxLengths];
    return text.length <= most
      ? []
      : [fault(path, 'length', `expected at most ${most} characters, got ${text.length}`)];
  });

/** Every fault of a feedback that can be seen without knowing its prediction. */
export const checkFeedback = (feedback: Feedback__Output, now: number): Violation[] => [
  ...checkIds(feedback),
  ...checkPast(feedback, now),
  ...checkContent(feedback),
  ...checkLengths(feedback),
  ...checkTime('entity_time', feedback.entityTime, now),
  ...checkTime('time', feedback.time, now),
];

const kinds: Readonly<
  Record<LabelKind, { readonly what: string; readonly fits: (value: FeatureValue) => boolean }>
> = {
  any: { what: 'a value', fits: (value) => value !== null },
  number: { what: 'a number', fits: (value) => typeof value === 'number' && Number.isFinite(value) },
  class: {
    what: 'a class: a string or a whole number',
    fits: (value) => typeof value === 'string' || Number.isSafeInteger(value),
  },
  boolean: { what: 'true or false', fits: (value) => typeof value === 'boolean' },
  object: {
    what: 'outputs by name',
    fits: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  },
};

/** Whether the label is what the model's labels are. */
export const checkLabel = (feedback: Feedback__Output, kind: LabelKind): Violation[] => {
  const label = labelOf(feedback);
  const { what, fits } = kinds[kind];
  return label === undefined || fits(label)
    ? []
    : [fault('label', 'type', `expected ${what}, got ${shown(label)}`)];
};
