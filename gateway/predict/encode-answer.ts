import type { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { toStruct } from '@sluice/kernel/features/struct';
import type { PredictError } from '@sluice/protos/gen/sluice/v1/PredictError';
import type { PredictResponse } from '@sluice/protos/gen/sluice/v1/PredictResponse';
import type { Timings } from '@sluice/protos/gen/sluice/v1/Timings';
import type { Answer, Call } from '../core/call.ts';

const round = (ms: number): number => Math.round(ms * 1000) / 1000;

const outcomeOf = ({ outcome }: Answer): Pick<PredictResponse, 'prediction' | 'refusal'> =>
  outcome.kind === 'refusal'
    ? { refusal: { code: outcome.code, message: outcome.message } }
    : { prediction: { outputs: toStruct(outcome.named ?? {}) } };

/** Where a rule refused before anything was computed. */
const noTimings = { queueUs: 0, computeInputUs: 0, computeInferUs: 0, computeOutputUs: 0 };

/** Times in milliseconds. */
export const encodeTimings = ({ timings, totalMs }: Pick<Answer, 'timings' | 'totalMs'>): Timings => {
  const { queueUs, computeInputUs, computeInferUs, computeOutputUs } = timings ?? noTimings;
  return {
    queueMs: queueUs / 1000,
    computeMs: (computeInputUs + computeInferUs + computeOutputUs) / 1000,
    totalMs: round(totalMs),
  };
};

/** The message of a prediction, or of a refusal. */
export const encodeAnswer = (
  answer: Answer,
  { requestId, scope }: Pick<Call, 'requestId' | 'scope'>,
): PredictResponse => {
  const { model: name, version, digest } = answer.release;
  return {
    predictionId: answer.predictionId,
    release: { name, version, digest },
    ...outcomeOf(answer),
    timings: encodeTimings(answer),
    traceId: scope.spanContext.traceId,
    requestId,
    warnings: [...answer.warnings],
  };
};

export const encodeViolations = (violations: SluiceError['violations']) =>
  violations.map(({ allowed = [], ...violation }) => ({ ...violation, allowed: [...allowed] }));

/** Why one item of a stream failed. */
export const encodeError = (
  { code, message, violations, retryAfterMs = 0 }: SluiceError,
  requestId: string,
): PredictError => ({
  requestId,
  code,
  message,
  violations: encodeViolations(violations),
  retryAfterMs,
});
