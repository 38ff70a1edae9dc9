import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { type StreamEnvironment, serveItems } from '@sluice/kernel/rpc/serve-items';
import { unary } from '@sluice/kernel/rpc/unary';
import type { CallScope } from '@sluice/kernel/telemetry/call-scope';
import type { PredictionServiceHandlers } from '@sluice/protos/gen/sluice/v1/PredictionService';
import type { PredictRequest__Output } from '@sluice/protos/gen/sluice/v1/PredictRequest';
import type { PredictResponse } from '@sluice/protos/gen/sluice/v1/PredictResponse';
import { decodePredict } from '../predict/decode-predict.ts';
import type { DoorOptions } from '../predict/door.ts';
import { encodeAnswer, encodeError } from '../predict/encode-answer.ts';
import { recordMethods } from './record-methods.ts';

const service = 'sluice.v1.PredictionService';

/** Predictions with named features, one by one or as a stream that is answered in any order. */
export const predictionService = (
  { handle, predictions }: Pick<DoorOptions, 'handle' | 'predictions'>,
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
  return {
    ...recordMethods(predictions, environment),
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
