import type { Feedback__Output } from '@sluice/protos/gen/sluice/v1/Feedback';
import type { Violation } from '../errors/sluice-error.ts';
import { predictionTimeMs } from './prediction-time.ts';

/** Clocks differ; what is later than this is no time at which something became known. */
const aheadMs = 60_000;
const maxIdLength = 256;
const maxCommentLength = 16_384;

const uuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;
/** RFC 3339: the offset is not optional. */
const rfc3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

const fault = (path: string, rule: string, expected: string, came?: string): Violation => ({
  path,
  rule,
  message: came === undefined ? `expected ${expected}` : `expected ${expected}, got '${came}'`,
});

const timeFaults = (path: 'time' | 'entityTime', text: string, nowMs: number): Violation[] => {
  if (text === '') return [];
  const ms = rfc3339.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms))
    return [fault(path, 'format', 'a time of RFC 3339 such as 2026-11-21T08:00:00Z', text)];
  return ms > nowMs + aheadMs ? [fault(path, 'future', 'a time that is not in the future', text)] : [];
};

const subjectFaults = ({ predictionId, entityId, entityTime, model }: Feedback__Output): Violation[] => {
  if (predictionId === '')
    return entityId === ''
      ? [fault('predictionId', 'required', 'predictionId or entityId, got neither')]
      : [];
  const faults: Violation[] = [];
  if (predictionTimeMs(predictionId) === undefined)
    faults.push(fault('predictionId', 'format', 'a UUIDv7', predictionId));
  for (const [path, given] of Object.entries({ entityId, entityTime, model }))
    if (given !== '') faults.push(fault(path, 'exclusive', `no ${path} beside predictionId`, given));
  return faults;
};

const isSaid = ({ label, reward, correction, comment }: Feedback__Output): boolean =>
  label !== null || reward !== undefined || correction !== null || comment !== '';

const statementFaults = (feedback: Feedback__Output): Violation[] => {
  const faults: Violation[] = [];
  if (!isSaid(feedback))
    faults.push(fault('', 'required', 'a label, reward, correction or comment, got none'));
  if (feedback.reward !== undefined && !Number.isFinite(feedback.reward))
    faults.push(fault('reward', 'type', 'a finite number', String(feedback.reward)));
  if (feedback.correction !== null && Object.keys(feedback.correction.fields ?? {}).length === 0)
    faults.push(fault('correction', 'required', 'at least one output by name, got none'));
  return faults;
};

const textFaults = (feedback: Feedback__Output): Violation[] => {
  const limits = {
    entityId: maxIdLength,
    model: maxIdLength,
    author: maxIdLength,
    comment: maxCommentLength,
  };
  return Object.entries(limits).flatMap(([path, limit]) => {
    const text = feedback[path as keyof typeof limits];
    if (text.length > limit)
      return [fault(path, 'maxLength', `at most ${limit} characters, got ${text.length}`)];
    // PostgreSQL has no such character in its texts.
    return text.includes('\0') ? [fault(path, 'format', 'no character NUL')] : [];
  });
};

/** Every fault of feedback as its sender wrote it; none: it may be stored. */
export const checkFeedback = (feedback: Feedback__Output, nowMs: number): Violation[] => [
  ...(feedback.feedbackId === '' || uuid.test(feedback.feedbackId)
    ? []
    : [fault('feedbackId', 'format', 'a UUID', feedback.feedbackId)]),
  ...subjectFaults(feedback),
  ...timeFaults('entityTime', feedback.entityTime, nowMs),
  ...timeFaults('time', feedback.time, nowMs),
  ...statementFaults(feedback),
  ...textFaults(feedback),
];
