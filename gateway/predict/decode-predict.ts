import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { fromStruct } from '@sluice/kernel/features/struct';
import type { CallScope } from '@sluice/kernel/telemetry/call-scope';
import type { PredictRequest__Output } from '@sluice/protos/gen/sluice/v1/PredictRequest';
import type { Call } from '../core/call.ts';
import { predictParameters } from './parameters.ts';
import { newPredictionId } from './prediction-id.ts';
import { trafficOf } from './traffic.ts';

/**
 * A PredictRequest as a call.
 * @throws SluiceError MALFORMED_REQUEST without a model, INVALID_INPUT for parameters of the wrong type.
 */
export const decodePredict = (request: PredictRequest__Output, scope: CallScope): Call => {
  if (request.model === '') throw new SluiceError('MALFORMED_REQUEST', 'model is empty');
  const parameters = fromStruct(request.parameters);
  return {
    scope,
    predictionId: newPredictionId(),
    model: request.model,
    version: request.version,
    requestId: request.requestId,
    entityId: request.entityId || scope.entityId,
    ...predictParameters(parameters),
    traffic: trafficOf(scope),
    sentParameters: parameters,
    input: { kind: 'features', features: fromStruct(request.features) },
  };
};
