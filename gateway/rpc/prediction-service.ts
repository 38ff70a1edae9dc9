import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { type StreamEnvironment, serveItems } from '@sluice/kernel/rpc/serve-items';
import { unary } from '@sluice/kernel/rpc/unary';
import type { CallScope } from '@sluice/kernel/telemetry/call-scope';
import type { PredictionServiceHandlers } from '@sluice/protos/gen/sluice/v1/PredictionService';
import type { PredictRequest__Output } from '@sluice/protos/gen/sluice/v1/PredictRequest';
import type { PredictResponse } from '@sluice/protos/gen/sluice/v1/PredictResponse';
import type { Answer, Call } from '../core/call.ts';
import type { Handler } from '../core/layers.ts';
import { decodePredict } from '../predict/decode-predict.ts';
import { encodeAnswer, encodeError } from '../predict/encode-answer.ts';

const service = 'sluice.v1.PredictionService';

/** Predictions with named features, one by one or as a stream that is answered in any order. */
export const predictionService = (
  handle: Handler<Call, Answer>,
  environment: StreamEnvironment,
): PredictionServiceHandlers => {
  const predict = async (
    request: PredictRequest__Output | null,
    scope: CallScope,
  ): Promise<PredictResponse> => {
    if (request === null) throw new SluiceError('MALFORMED_REQUEST', 'predict is missing');
    const call = decodePredict(request, scope);
    return encodeAnswer(await handle(call), call);
  };
  // Until the gateway has its records.
  const notYet = (): never => {
    throw new SluiceError('UNIMPLEMENTED', 'this gateway keeps no records');
  };
  return {
    GetPrediction: unary(environment, `${service}/GetPrediction`, notYet),
    ListPredictions: unary(environment, `${service}/ListPredictions`, notYet),
    SendFeedback: unary(environment, `${service}/SendFeedback`, notYet),
    SendFeedbackStream: (call) =>
      serveItems(environment, call, {
        method: `${service}/SendFeedbackStream`,
        order: 'request',
        answer: notYet,
        failed: ({ code, message }) => ({ error: { code, message } }),
      }),
    Predict: unary(environment, `${service}/Predict`, predict),
    PredictStream: (call) =>
      serveItems(environment, call, {
        method: `${service}/PredictStream`,
        order: 'completion',
        answer: async (item, scope) => ({ response: await predict(item.predict, scope) }),
        failed: (error, item) => ({ error: encodeError(error, item.predict?.requestId ?? '') }),
      }),
  };
};
