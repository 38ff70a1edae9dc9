import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { CallScope } from '@sluice/kernel/telemetry/call-scope';
import type { Feedback__Output } from '@sluice/protos/gen/sluice/v1/Feedback';
import type { GetPredictionResponse } from '@sluice/protos/gen/sluice/v1/GetPredictionResponse';
import type { ListPredictionsRequest__Output } from '@sluice/protos/gen/sluice/v1/ListPredictionsRequest';
import type { ListPredictionsResponse } from '@sluice/protos/gen/sluice/v1/ListPredictionsResponse';
import type { SendFeedbackResponse } from '@sluice/protos/gen/sluice/v1/SendFeedbackResponse';

/** What can be asked about requests that were answered, and said about them. */
export interface Predictions {
  /** @throws SluiceError INVALID_INPUT, PREDICTION_NOT_FOUND, NOT_YET_VISIBLE, DATABASE_UNAVAILABLE */
  readonly get: (predictionId: string, scope: CallScope) => Promise<GetPredictionResponse>;
  /** @throws SluiceError INVALID_INPUT, DATABASE_UNAVAILABLE */
  readonly list: (
    request: ListPredictionsRequest__Output,
    scope: CallScope,
  ) => Promise<ListPredictionsResponse>;
  /** Resolves when the feedback is kept. @throws SluiceError INVALID_INPUT, MALFORMED_REQUEST, SPOOL_FULL */
  readonly sendFeedback: (
    feedback: Feedback__Output | null,
    scope: CallScope,
  ) => Promise<SendFeedbackResponse>;
}

const none = async (): Promise<never> => {
  throw new SluiceError('UNIMPLEMENTED', 'this gateway keeps no records: RECORDS is false');
};

/** Of a gateway that keeps no records. */
export const noPredictions: Predictions = { get: none, list: none, sendFeedback: none };
