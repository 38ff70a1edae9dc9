import type { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { toStruct } from '@sluice/kernel/features/struct';
import type { PredictError } from '@sluice/protos/gen/sluice/v1/PredictError';
import type { PredictResponse } from '@sluice/protos/gen/sluice/v1/PredictResponse';
import type { Answer, Call } from '../core/call.ts';

const round = (ms: number): number => Math.round(ms * 1000) / 1000;

/** The message of an answered prediction. */
export const encodeAnswer = (
  answer: Answer,
  { requestId, scope }: Pick<Call, 'requestId' | 'scope'>,
): PredictResponse => {
  const { model: name, version, digest } = answer.release;
  const { queueUs, computeInputUs, computeInferUs, computeOutputUs } = answer.timings;
  return {
    predictionId: answer.predictionId,
    release: { name, version, digest },
    prediction: { outputs: toStruct(answer.named ?? {}) },
    timings: {
      queueMs: queueUs / 1000,
      computeMs: (computeInputUs + computeInferUs + computeOutputUs) / 1000,
      totalMs: round(answer.totalMs),
    },
    traceId: scope.spanContext.traceId,
    requestId,
    warnings: [...answer.warnings],
  };
};

/** Why one item of a stream failed. */
export const encodeError = (
  { code, message, violations, retryAfterMs = 0 }: SluiceError,
  requestId: string,
): PredictError => ({
  requestId,
  code,
  message,
  violations: violations.map(({ allowed = [], ...violation }) => ({ ...violation, allowed: [...allowed] })),
  retryAfterMs,
});
