import { type StreamEnvironment, serveItems } from '@sluice/kernel/rpc/serve-items';
import { unary } from '@sluice/kernel/rpc/unary';
import type { GetPredictionRequest__Output } from '@sluice/protos/gen/sluice/v1/GetPredictionRequest';
import type { ListPredictionsRequest__Output } from '@sluice/protos/gen/sluice/v1/ListPredictionsRequest';
import type { PredictionServiceHandlers } from '@sluice/protos/gen/sluice/v1/PredictionService';
import type { SendFeedbackRequest__Output } from '@sluice/protos/gen/sluice/v1/SendFeedbackRequest';
import { encodeViolations } from '../predict/encode-answer.ts';
import type { Predictions } from '../records/predictions.ts';

const service = 'sluice.v1.PredictionService';

/** What PredictionService answers about requests that were answered before. */
export const recordMethods = (
  { get, list, sendFeedback }: Predictions,
  environment: StreamEnvironment,
): Pick<
  PredictionServiceHandlers,
  'GetPrediction' | 'ListPredictions' | 'SendFeedback' | 'SendFeedbackStream'
> => ({
  GetPrediction: unary(
    environment,
    `${service}/GetPrediction`,
    ({ predictionId }: GetPredictionRequest__Output, scope) => get(predictionId, scope),
  ),
  ListPredictions: unary(
    environment,
    `${service}/ListPredictions`,
    (request: ListPredictionsRequest__Output, scope) => list(request, scope),
  ),
  SendFeedback: unary(
    environment,
    `${service}/SendFeedback`,
    ({ feedback }: SendFeedbackRequest__Output, scope) => sendFeedback(feedback, scope),
  ),
  SendFeedbackStream: (call) =>
    serveItems(environment, call, {
      method: `${service}/SendFeedbackStream`,
      order: 'request',
      answer: async ({ feedback }, scope) => ({ response: await sendFeedback(feedback, scope) }),
      failed: ({ code, message, violations }, { feedback }) => ({
        error: {
          feedbackId: feedback?.feedbackId ?? '',
          code,
          message,
          violations: encodeViolations(violations),
        },
      }),
    }),
});
