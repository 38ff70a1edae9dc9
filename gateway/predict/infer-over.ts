import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { InferRequest } from '@sluice/kernel/oip/decode-request';
import type { InferResponse } from '@sluice/kernel/oip/encode-response';
import type { CallScope } from '@sluice/kernel/telemetry/call-scope';
import type { Answer, Call } from '../core/call.ts';
import type { Handler } from '../core/layers.ts';
import { newPredictionId } from './prediction-id.ts';
import { trafficOf } from './traffic.ts';

const callOf = (
  { model, version, id, inputs, outputs, parameters }: InferRequest,
  scope: CallScope,
): Call => ({
  scope,
  predictionId: newPredictionId(),
  model,
  version,
  requestId: id,
  entityId: parameters.entityId ?? scope.entityId,
  priority: parameters.priority,
  timeoutUs: parameters.timeoutUs,
  traffic: trafficOf(scope),
  sentParameters: parameters.sent,
  input: { kind: 'tensors', tensors: inputs, outputs },
});

/** The road for requests of the Open Inference Protocol, which knows no refusals: they are errors with the rule's code. */
export const inferOver = (handle: Handler<Call, Answer>) => {
  return async (request: InferRequest, scope: CallScope): Promise<InferResponse> => {
    const { release, outcome, tensors, predictionId, warnings } = await handle(callOf(request, scope));
    if (outcome.kind === 'refusal')
      throw new SluiceError('REFUSED', outcome.message, { reason: outcome.code });
    const parameters = {
      sluice_prediction_id: predictionId,
      ...(warnings.length > 0 && { sluice_warning: warnings.join('; ') }),
    };
    return { model: release.model, version: release.version, id: request.id, outputs: tensors, parameters };
  };
};
